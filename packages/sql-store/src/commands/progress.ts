import type { Output } from './terminal.ts'

/** Shows how far long work has come. */
export interface Progress {
  /** @param done How much is done; @param total of how much, `null` when nobody knows. */
  show(done: number, total: number | null): void
  /** Takes the line away again. */
  end(): void
}

const REFRESH_MS = 100
const WIDTH = 30

/** A bar on one line of a terminal; nothing where the output goes to a file. */
export function progressOn(output: Output, unit: string): Progress {
  if (output.isTTY !== true) return { show() {}, end() {} }
  let shownAt = 0
  return {
    show(done, total) {
      const now = performance.now()
      if (now - shownAt < REFRESH_MS) return
      shownAt = now
      output.write(`\r\u001b[K${bar(done, total)} ${unit}`)
    },
    end: () => output.write('\r\u001b[K'),
  }
}

/** What stands on the line: `[#####     ] 17 %  1,700 of 10,000`. */
export function bar(done: number, total: number | null): string {
  const count = (value: number) => value.toLocaleString('en-US')
  if (total === null || total <= 0) return count(done)
  const share = Math.min(1, done / total)
  const filled = Math.round(share * WIDTH)
  const drawn = '#'.repeat(filled).padEnd(WIDTH)
  return `[${drawn}] ${Math.floor(share * 100)} %  ${count(done)} of ${count(total)}`
}

/** Takes the line of progress away, also when the work fails. */
export async function showing<T>(
  progress: Progress,
  work: (progress: Progress) => Promise<T>,
): Promise<T> {
  try {
    return await work(progress)
  } finally {
    progress.end()
  }
}
