// A node that only listens, while another process revokes: node listener.ts '{"url":"…","rate":1000,"seconds":20}'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { createAuth } from '@latchkey/core'
import { sqlStore } from '@latchkey/sql-store'
import { benchOptions, logInMany } from '../accounts.ts'
import type { FeedFigures } from '../feed.ts'

// So long revocations are read again: from then on each poll has as much to do as the next.
const WARM_UP_SECONDS = 12

const { url, seconds } = JSON.parse(process.argv[2] ?? '')
const store = sqlStore({ url })
await store.migrate()
const auth = createAuth(benchOptions({ store }))
const [login] = await logInMany(auth, 1)
await auth.authenticate(login?.accessToken ?? '')

const shareWhenQuiet = await shareOver(seconds)
const revoker = fork(`${import.meta.dirname}/revoker.ts`, [process.argv[2] ?? ''])
const told = once(revoker, 'message')
await pause(WARM_UP_SECONDS * 1000)
const share = await shareOver(seconds)
const [{ revocationsPerSecond }] = await told
const figures: FeedFigures = { revocationsPerSecond, share, shareWhenQuiet }
process.send?.(figures)
await auth.close()
await store.close()

/** The part of one core that this process takes meanwhile. */
async function shareOver(howLong: number): Promise<number> {
  const before = process.cpuUsage()
  await pause(howLong * 1000)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / (howLong * 1e6)
}
