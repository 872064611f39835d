import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { type BenchDatabase, measureOn } from './databases.ts'
import type { Effort } from './effort.ts'
import { table } from './markdown.ts'
import { installPeers } from './peers.ts'
import { keepResult } from './results.ts'
import { medians } from './rounds.ts'

/** What a program does for so many seconds, so many at a time. */
export interface LoginOrder {
  readonly work: 'hash' | 'login' | 'register'
  readonly seconds: number
  readonly inParallel: number
}

/** A type, not an interface: it passes for a record of figures. */
type LoginRate = { readonly perSecond: number }

const IN_PARALLEL = 8

const programs = {
  latchkey: `${import.meta.dirname}/logins/latchkey-logins.ts`,
  betterAuth: `${import.meta.dirname}/../peers/better-auth-logins.mjs`,
}

/** Logins and registrations with passwords of the default cost, on SQLite, beside the hashing alone. */
export async function logins(effort: Effort): Promise<string> {
  await installPeers()
  const { measured } = await measureOn(['SQLite'], async ({ make }) => {
    const databases = [await make(), await make()] as const
    try {
      return await measure(databases, effort)
    } finally {
      for (const { drop } of databases) await drop()
    }
  })
  const [rates] = measured
  if (rates === undefined) throw new Error('SQLite needs no server')
  await keepResult('logins', effort, rates)
  const head = [
    'per second, on SQLite',
    'a login',
    'a registration',
    'the hash alone',
    'login : hash',
  ]
  return table(head, [
    rowOf('Latchkey (argon2id, 19 MiB, 2 passes)', rates.latchkey),
    rowOf('better-auth (scrypt, N = 16,384, r = 16)', rates.betterAuth),
  ])
}

interface Rates {
  readonly login: number
  readonly register: number
  readonly hash: number
}

function rowOf(name: string, { login, register, hash }: Rates): string[] {
  return [
    name,
    ...[login, register, hash].map((rate) => rate.toFixed(1)),
    (login / hash).toFixed(2),
  ]
}

async function measure(databases: readonly [BenchDatabase, BenchDatabase], effort: Effort) {
  const latchkey = await start(programs.latchkey, databases[0])
  const betterAuth = await start(programs.betterAuth, databases[1])
  try {
    const { rounds, loginSeconds: seconds } = effort
    const ask = (child: ChildProcess, work: LoginOrder['work']) => () =>
      rateOf(child, { work, seconds, inParallel: IN_PARALLEL })
    const rates = await medians(rounds, {
      hash: ask(latchkey, 'hash'),
      login: ask(latchkey, 'login'),
      register: ask(latchkey, 'register'),
      otherHash: ask(betterAuth, 'hash'),
      otherLogin: ask(betterAuth, 'login'),
      otherRegister: ask(betterAuth, 'register'),
    })
    const of = (name: keyof typeof rates) => rates[name].perSecond
    return {
      latchkey: { login: of('login'), register: of('register'), hash: of('hash') },
      betterAuth: { login: of('otherLogin'), register: of('otherRegister'), hash: of('otherHash') },
    }
  } finally {
    latchkey.disconnect()
    betterAuth.disconnect()
  }
}

async function start(file: string, { url }: BenchDatabase): Promise<ChildProcess> {
  const child = fork(file, [url], { env: { ...process.env, NODE_ENV: 'production' } })
  await once(child, 'message')
  return child
}

async function rateOf(child: ChildProcess, order: LoginOrder): Promise<LoginRate> {
  child.send(order)
  const [rate] = await once(child, 'message')
  return rate
}
