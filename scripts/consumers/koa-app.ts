import { createAuth } from '@latchkey/core'
import { authErrors, authOf, authRouter, requireAuth } from '@latchkey/koa-adapter'
import { sqlStore } from '@latchkey/sql-store'
import Koa from 'koa'

const port = process.env.PORT ?? 3000
const store = sqlStore({ url: process.env.DATABASE_URL || 'sqlite:./app.db' })
await store.migrate()

const auth = createAuth({
  secret: process.env.AUTH_SECRET,
  store,
  origin: `http://localhost:${port}`,
  mailer: (message) => console.log(message.text),
})

const app = new Koa()
app.use(authErrors(auth))
app.use(authRouter(auth, { prefix: '/auth' }))
app.use(requireAuth(auth))
app.use(async (ctx) => {
  const user = await authOf(ctx).loadUser()
  ctx.body = { hello: user.email }
})
app.listen(port)
