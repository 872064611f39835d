import type { IdentifierKind, User } from '../../records.ts'
import type { Store } from '../../store.ts'
import { expectEqual, expectTaken } from '../assertions.ts'
import { KINDS } from './closed-unions.ts'
import { aUser } from './records.ts'
import { rule, section } from './rule.ts'
import { storedUser } from './stored-records.ts'

/** Values that a careless comparison takes for one another. No two are the same bytes. */
export const LOOK_ALIKES: Readonly<Record<string, readonly string[]>> = {
  'letters of another case': ['ada', 'Ada', 'ADA', 'ad\u0131a', 'ADIA'],
  'white space behind them': ['ada', 'ada ', 'ada  ', 'ada\t', 'ada\u00a0'],
  'white space before them': ['ada', ' ada', '\tada'],
  'letters with accents': ['ada', '\u00e5da', 'ad\u00e1', 'bo', 'b\u00f8'],
  'another normal form of the same letters': ['\u00e5da', 'a\u030ada', '\uac00', '\u1100\u1161'],
  'compatibility forms of letters': ['fi', '\ufb01', 'k', '\u212a', '2', '\u00b2'],
  'letters that fold into two': ['strasse', 'stra\u00dfe', 'stra\u1e9ee'],
  'letters of another script': ['ada', '\u0430da', 'ad\u0430'],
  'invisible characters': ['ada', 'ad\u200ba', 'ad\u00ada', '\ufeffada', 'ada\ufe0f'],
  'characters of four bytes': ['💡', '💣', '💡\ufe0f', '💡💡', '?'],
  'wildcards and escapes': ['abc', 'a%', 'a_c', '%', '_', 'a\\%', 'a*', "a'", "a''"],
  'texts of one number': ['0', '00', '0.0', '0x0', '-0', '0e0'],
  'texts that look like nothing': ['null', 'NULL', 'undefined', '', '0', 'false'],
}

const comparing = section('identifiers are compared byte for byte', [
  ...Object.entries(LOOK_ALIKES).map(([what, values]) =>
    rule(`S113 finds users by values that differ in ${what}`, async (store) => {
      for (const kind of KINDS) {
        const users = values.map((value) => aUser({ email: null, [kind]: value }))
        for (const user of users) await store.users.insert(user)
        const found = await findEach(store, kind, values)
        expectEqual(found, users, kind)
      }
    }),
  ),

  ...Object.entries(LOOK_ALIKES).map(([what, values]) =>
    rule(`finds nobody by a value that differs in ${what}`, async (store) => {
      for (const kind of KINDS) {
        const [held = '', ...others] = values
        await storedUser(store, { email: null, [kind]: held })
        const nobody = others.map(() => null)
        expectEqual(await findEach(store, kind, others), nobody, kind)
      }
    }),
  ),

  ...KINDS.map((kind) =>
    rule(`S112 refuses a taken ${kind} whatever its characters`, async (store) => {
      const values = new Set(Object.values(LOOK_ALIKES).flat())
      for (const value of values) {
        await storedUser(store, { email: null, [kind]: value })
        await expectTaken(store.users.insert(aUser({ email: null, [kind]: value })), kind)
      }
    }),
  ),
])

export const lookAlikeSections = [comparing]

function findEach(
  store: Store,
  kind: IdentifierKind,
  values: readonly string[],
): Promise<(User | null)[]> {
  return Promise.all(values.map((value) => store.users.findByIdentifier({ kind, value })))
}
