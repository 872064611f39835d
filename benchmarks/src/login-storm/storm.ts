// The crowd in a process of its own, so that its hurry does not delay who measures: node login-storm/storm.ts
import { logInAgainAndAgain } from './clients.ts'
import type { Crowd } from './storm-process.ts'

process.on('message', async ({ url, clients, seconds }: Crowd) => {
  process.send?.(await logInAgainAndAgain(url, clients, seconds))
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
