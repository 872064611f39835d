import type { RequestListener } from 'node:http'
import {
  type AppParts,
  invoiceBook,
  pagesFolder,
  securityHeaders,
} from '@latchkey/example-invoices'
import { authErrors, authRouter } from '@latchkey/koa-adapter'
import Koa from 'koa'
import { appRoutes } from './app-routes.ts'
import { pages } from './pages.ts'
import { problems } from './problems.ts'

/** The application: accounts under `/auth`, invoices of its own, and the pages to which the links in messages lead. */
export function createApp({ auth, outbox }: AppParts): RequestListener {
  const app = new Koa()
  app.use((ctx, next) => {
    ctx.set(securityHeaders)
    return next()
  })

  app.use(problems)
  app.use(authErrors(auth))
  app.use(authRouter(auth, { prefix: '/auth' }))
  app.use(appRoutes({ auth, outbox, invoices: invoiceBook() }).routes())
  app.use(pages(pagesFolder))
  return app.callback()
}
