import { onTestFinished } from 'vitest'

const NAMES = ['unhandledRejection', 'uncaughtExceptionMonitor', 'warning'] as const

/** What the process complains of from now on, until the test ends. */
export function watchProcess(): string[] {
  const complaints: string[] = []
  for (const name of NAMES) {
    const listen = (complaint: unknown) => void complaints.push(`${name}: ${complaint}`)
    process.on(name, listen)
    onTestFinished(() => void process.off(name, listen))
  }
  return complaints
}
