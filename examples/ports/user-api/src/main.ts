import { createApp } from './app.ts'
import { openFromEnvironment } from './from-environment.ts'

const port = Number(process.env.PORT || 3000)
if (!(port >= 0 && port < 65_536)) throw new Error('PORT must be a number from 0 to 65535.')

const { auth, store } = await openFromEnvironment(port)
const server = createApp(auth).listen(port, 'localhost', () => {
  console.log(`The API is on http://localhost:${Object(server.address()).port}/user`)
})

async function stop(): Promise<void> {
  await new Promise((resolve) => server.close(resolve))
  await auth.close()
  await store.close()
}
process.once('SIGINT', () => void stop())
process.once('SIGTERM', () => void stop())
