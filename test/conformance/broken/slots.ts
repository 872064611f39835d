import type { OneTimeToken, OneTimeTokenStore } from '@latchkey/core'

/** Before every limit. */
export const EVER = new Date(0)

/** Where a token stands. */
type Place = Pick<OneTimeToken, 'userId' | 'purpose' | 'slot'>

export async function inSlot(
  tokens: OneTimeTokenStore,
  { userId, purpose, slot }: Place,
): Promise<OneTimeToken | undefined> {
  const found = await tokens.list(userId, purpose, EVER, 100)
  return found.find((token) => token.slot === slot)
}

export async function removeFrom(tokens: OneTimeTokenStore, place: Place): Promise<void> {
  const token = await inSlot(tokens, place)
  if (token !== undefined) await tokens.take(token.linkHash, token.purpose, EVER)
}
