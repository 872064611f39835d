import fc from 'fast-check'
import type { LocatedOperation } from '../support/openapi-traffic.ts'
import { ORIGIN } from '../support/setup.ts'
import { anyText } from './odd-values.ts'
import type { Names } from './requests.ts'
import { isToken, type ShownToken, wholeToken } from './tokens.ts'

/** A header that shows something, or a part of `Cookie`. */
export interface Credential {
  readonly header: string
  readonly before: string
  readonly value: string | ShownToken
}

/** What whoever asks shows of themselves, for an operation that wants to know it, or does not. */
export function credentialsFor(
  { security }: Pick<LocatedOperation, 'security'>,
  names: Names,
): fc.Arbitrary<readonly Credential[]> {
  const own = fc.tuple(...places[names.transport].map((place) => shownAt(place, names)))
  const shown = fc.oneof(
    { weight: 16, arbitrary: own },
    { weight: 3, arbitrary: own.chain((all) => fc.shuffledSubarray([...all])) },
    { weight: 3, arbitrary: fc.array(strange(names), { minLength: 1, maxLength: 3 }) },
    { weight: 1, arbitrary: fc.tuple(own, strange(names)).map(([all, one]) => [...all, one]) },
  )
  const freq = security.length > 0 || names.transport === 'cookie' ? 20 : 1
  return fc.option(shown, { nil: [], freq })
}

/** The headers that show it: cookies in one, as browsers send them. */
export function headersOfCredentials(
  credentials: readonly Credential[],
  tokenText: (token: ShownToken) => string,
): readonly (readonly [name: string, value: string])[] {
  const rows = credentials.map(({ header, before, value }) => ({
    header,
    text: before + (isToken(value) ? tokenText(value) : value),
  }))
  const cookies = rows.filter(({ header }) => header === 'cookie').map(({ text }) => text)
  const others = rows.filter(({ header }) => header !== 'cookie')
  return [
    ...others.map(({ header, text }) => [header, text] as const),
    ...(cookies.length === 0 ? [] : [['cookie', cookies.join('; ')] as const]),
  ]
}

/** Where something is shown, and what belongs there: a token of a kind, or a text. */
type Place = readonly [header: string, before: string, kind: string | { readonly text: string }]

const places: Readonly<Record<Names['transport'], readonly Place[]>> = {
  bearer: [['authorization', 'Bearer ', 'access']],
  header: [['x-access-token', '', 'access']],
  cookie: [
    ['cookie', '__Host-at=', 'access'],
    ['cookie', '__Host-rt=', 'refresh'],
    ['x-csrf-token', '', 'csrf'],
    ['origin', '', { text: ORIGIN }],
    ['sec-fetch-site', '', { text: 'same-origin' }],
  ],
}

/** Most of the time what belongs there. */
function shownAt([header, before, kind]: Place, { who, tokens }: Names): fc.Arbitrary<Credential> {
  if (typeof kind !== 'string') return fc.constant({ header, before, value: kind.text })
  const value = fc.oneof(
    { weight: 12, arbitrary: wholeToken([`${who} ${kind}`]) },
    { weight: 1, arbitrary: tokens },
  )
  return value.map((one) => ({ header, before, value: one }))
}

/** What belongs nowhere. */
function strange({ tokens }: Names): fc.Arbitrary<Credential> {
  const basic = anyText.map((text) => Buffer.from(`ada:${text}`).toString('base64'))
  return fc.record({
    header: fc.constantFrom(
      'authorization',
      'cookie',
      'x-csrf-token',
      'x-access-token',
      'x-refresh-token',
    ),
    before: fc.constantFrom(
      'Bearer ',
      'bearer  ',
      'BEARER\t',
      'Basic ',
      'Token ',
      '',
      '__Host-at=',
      '__Host-rt=',
      '__Host-csrf=',
      '__host-at=',
      'at=',
      '__Host-at="',
      ' __Host-at = ',
      '$Version=1; __Host-at=',
      '__proto__=',
      '=',
    ),
    value: fc.oneof(tokens, anyText, basic),
  })
}
