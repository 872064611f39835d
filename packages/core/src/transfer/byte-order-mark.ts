const MARK = [0xef, 0xbb, 0xbf]

/** The bytes without the mark that some programs put in front of UTF-8. */
export async function* withoutByteOrderMark(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let start: Uint8Array | null = new Uint8Array()
  for await (const chunk of source) {
    if (start === null) {
      yield chunk
      continue
    }
    start = Buffer.concat([start, chunk])
    if (start.length < MARK.length) continue
    yield withoutMark(start)
    start = null
  }
  if (start !== null && start.length > 0) yield start
}

function withoutMark(start: Uint8Array): Uint8Array {
  return MARK.every((byte, index) => start[index] === byte) ? start.subarray(MARK.length) : start
}
