const NEWLINE = 0x0a

/** Counts the lines of a source up to a place that moves forward. Holds only what lies behind that place. */
export interface LineCount {
  /** What comes next in the source. */
  add(chunk: Uint8Array): void
  /** How many lines have ended before this byte. */
  before(position: number): number
}

export function lineCount(): LineCount {
  const chunks: Uint8Array[] = []
  let start = 0 // where the first of the chunks begins
  let place = 0
  let lines = 0

  function countIn(chunk: Uint8Array, end: number): void {
    for (
      let at = chunk.indexOf(NEWLINE, place - start);
      at !== -1 && at < end;
      at = chunk.indexOf(NEWLINE, at + 1)
    ) {
      lines += 1
    }
  }

  return {
    add(chunk) {
      if (chunk.length > 0) chunks.push(chunk)
    },
    before(position) {
      for (let [chunk] = chunks; chunk !== undefined && place < position; [chunk] = chunks) {
        const end = Math.min(position - start, chunk.length)
        countIn(chunk, end)
        place = start + end
        if (end < chunk.length) break
        start = place
        chunks.shift()
      }
      return lines
    },
  }
}
