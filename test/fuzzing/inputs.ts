import fc from 'fast-check'
import { anyJson, anyName, anyText } from './odd-values.ts'
import { isToken, type ShownToken } from './tokens.ts'

/** A member of an input: its name, and the text of its JSON, or a token that stands there as a string. */
export interface Member {
  readonly name: string
  readonly value: string | ShownToken
}

/** As much of a JSON Schema as the OpenAPI document uses. */
export interface Schema {
  readonly $ref?: string
  readonly anyOf?: readonly Schema[]
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
}

/** What inputs are made from. */
export interface Material {
  readonly schemas: Readonly<Record<string, Schema>>
  readonly tokens: fc.Arbitrary<ShownToken>
  /** Texts that mean something where a member has this name. */
  readonly texts: Readonly<Record<string, readonly string[]>>
}

/** Members as a schema asks for, with some that it does not. */
export function membersFor(schema: Schema, material: Material): fc.Arbitrary<Member[]> {
  const { $ref, anyOf, properties = {} } = schema
  if ($ref !== undefined) {
    return membersFor(material.schemas[$ref.split('/').at(-1) ?? ''] ?? {}, material)
  }
  if (anyOf !== undefined) return fc.oneof(...anyOf.map((one) => membersFor(one, material)))
  const asked = Object.entries(properties).map(([name, one]) => memberFor(name, one, material))
  const valid = fc.tuple(...asked)
  const stray = fc.array(strayMember(Object.keys(properties)), { minLength: 1, maxLength: 2 })
  return fc.oneof(
    { weight: 3, arbitrary: valid },
    { weight: 2, arbitrary: valid.chain((members) => fc.shuffledSubarray<Member>(members)) },
    { weight: 2, arbitrary: fc.tuple(valid, stray).map((both) => both.flat()) },
  )
}

/** The text of a JSON object with these members, twice where they stand twice. */
export function objectText(
  members: readonly Member[],
  tokenText: (token: ShownToken) => string,
): string {
  const rows = members.map(({ name, value }) => {
    const json = isToken(value) ? JSON.stringify(tokenText(value)) : value
    return `${JSON.stringify(name)}:${json}`
  })
  return `{${rows.join(',')}}`
}

/** The members as a query or a form, in which everything is text. */
export function queryText(
  members: readonly Member[],
  tokenText: (token: ShownToken) => string,
): string {
  const rows = members.map(({ name, value }) => {
    const text = isToken(value) ? tokenText(value) : plainText(value)
    return `${percentEncoded(name)}=${percentEncoded(text)}`
  })
  return rows.join('&')
}

function plainText(json: string): string {
  const value: unknown = JSON.parse(json)
  return typeof value === 'string' ? value : json
}

/** A lone surrogate, which no percents stand for, becomes U+FFFD. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

function memberFor(name: string, schema: Schema, material: Material): fc.Arbitrary<Member> {
  const value = fc.oneof(
    { weight: 12, arbitrary: valueFor(name, schema, material) },
    { weight: 1, arbitrary: anyJson },
  )
  return value.map((one) => ({ name, value: one }))
}

/** One that is asked for, once more, or one of which nobody knows. */
function strayMember(names: readonly string[]): fc.Arbitrary<Member> {
  const name = fc.oneof(fc.constantFrom(...names, 'roles'), anyName)
  return fc.record({ name, value: anyJson })
}

function valueFor(
  name: string,
  schema: Schema,
  material: Material,
): fc.Arbitrary<string | ShownToken> {
  if (/token$/i.test(name)) return material.tokens
  const known = Object.hasOwn(material.texts, name) ? material.texts[name] : undefined
  const asText = (text: unknown) => JSON.stringify(text)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum).map(asText)
  if (known !== undefined && schema.type === 'array') {
    return fc.uniqueArray(fc.constantFrom(...known), { maxLength: 3 }).map(asText)
  }
  if (known !== undefined) return fc.constantFrom(...known).map(asText)
  return byType[String(schema.type)]?.(schema, material) ?? anyJson
}

const byType: Readonly<
  Record<string, (schema: Schema, material: Material) => fc.Arbitrary<string>>
> = {
  string: () => anyText.map((text) => JSON.stringify(text)),
  integer: () => fc.oneof(fc.integer(), fc.integer({ min: 0, max: 200 })).map(String),
  boolean: () => fc.boolean().map(String),
  object: ({ properties = {} }, material) =>
    membersFor({ properties }, { ...material, tokens: fc.constant(NO_TOKEN) }).map((members) =>
      objectText(members, () => ''),
    ),
}

const NO_TOKEN: ShownToken = { token: '', other: '', at: 0, mutation: null }
