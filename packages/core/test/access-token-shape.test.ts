import { describe, expect, it } from 'vitest'
import { algorithms } from './support/algorithms.ts'
import { base64url } from './support/token-context.ts'

// Everything here is signed with the right key: whoever could do that is not an attacker but another program, another
// version or a bug. Only what we write ourselves is taken.
describe.each(algorithms)(
  'under $alg, verifying',
  ({ members: written, header, genuine, claims: text, sign: signed, verdictOn }) => {
    const { kid } = written
    const [firstSegment = '', payload = '', signature = ''] = genuine.split('.')
    const claims: Record<string, unknown> = JSON.parse(text)
    const iat = Number(claims.iat)

    const claimed = (changes: Record<string, unknown>) =>
      verdictOn(signed(header, JSON.stringify({ ...claims, ...changes })))

    describe('S040 S042 S045 refuses a header with', () => {
      const more = {
        jwk: { kty: 'oct', k: 'AAAA' },
        jku: 'https://evil.example/jwks.json',
        x5u: 'https://evil.example/cert.pem',
        x5c: ['MIIB'],
        x5t: 'AAAA',
        crit: ['exp'],
        b64: false,
        zip: 'DEF',
        cty: 'JWT',
        enc: 'A256GCM',
      }
      it.each(Object.entries(more))('%s', async (name, value) => {
        const longer = JSON.stringify({ ...written, [name]: value })
        expect(await verdictOn(signed(longer, text))).toBe('invalid_token')
      })

      const types = [
        undefined,
        null,
        '',
        'JWT',
        'jwt',
        'AT+JWT',
        'application/at+jwt',
        'rt+jwt',
        ['at+jwt'],
      ]
      it.each(types)('typ %j', async (typ) => {
        expect(await verdictOn(signed(JSON.stringify({ ...written, typ }), text))).toBe(
          'invalid_token',
        )
      })

      const names = [
        '../../dev/null',
        "' OR 1=1 --",
        '|sleep 10',
        '__proto__',
        'constructor',
        'toString',
      ]
      const kids = [
        undefined,
        null,
        '',
        [],
        {},
        0,
        [kid],
        `${kid} `,
        kid.toUpperCase(),
        'k'.repeat(65_536),
      ]
      it.each([...names, ...kids].map((other) => [JSON.stringify(other)?.slice(0, 20), other]))(
        'S041 kid %s',
        async (_shown, other) => {
          const changed = JSON.stringify({ ...written, kid: other })
          expect(await verdictOn(signed(changed, text))).toBe('invalid_token')
        },
      )

      it.each([
        ['a doubled member', header.replace('{', '{"alg":"none",')],
        ['white space', header.replace('{', '{ ')],
        ['its members in another order', JSON.stringify({ kid, alg: written.alg, typ: 'at+jwt' })],
        ['a byte order mark', `\ufeff${header}`],
        ['an escape', header.replace('256', '\\u003256').replace('EdDSA', 'Ed\\u0044SA')],
        ['no object', JSON.stringify(written.alg)],
        ['deep nesting', '['.repeat(2000)],
      ])('%s', async (_name, other) => {
        expect(await verdictOn(signed(other, text))).toBe('invalid_token')
      })
    })

    describe('S043 takes one spelling only, and so refuses', () => {
      // The last character of a segment has bits that are not used: several last characters mean the same bytes.
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
      const last = alphabet.indexOf(signature.slice(-1))
      const alias = signature.slice(0, -1) + alphabet[last + 1]
      const forms = {
        'padding on the signature': `${genuine}=`,
        'double padding': `${genuine}==`,
        'padding on the payload': `${firstSegment}.${payload}=.${signature}`,
        'another spelling of the last character': `${firstSegment}.${payload}.${alias}`,
        'a newline at the end': `${genuine}\n`,
        'a space at the end': `${genuine} `,
        'a space at the start': ` ${genuine}`,
        'a space inside': `${firstSegment}.${payload}.${signature.slice(0, 9)} ${signature.slice(9)}`,
        'a tab inside': `${firstSegment}.\t${payload}.${signature}`,
        'the alphabet of standard base64': `${firstSegment}.${payload}.${'+/'.repeat(21)}+`,
        'two segments': `${firstSegment}.${payload}`,
        'four segments': `${genuine}.`,
        'five segments, like a JWE': `${genuine}.${payload}.${signature}`,
        'an empty signature': `${firstSegment}.${payload}.`,
        'JSON serialisation': JSON.stringify({ protected: firstSegment, payload, signature }),
        'Bearer in front': `Bearer ${genuine}`,
        nothing: '',
      }
      it.each(Object.entries(forms))('%s', async (_name, token) => {
        expect(await verdictOn(token)).toBe('invalid_token')
      })

      it('while the alias really means the same bytes', () => {
        expect(Buffer.from(alias, 'base64url')).toEqual(Buffer.from(signature, 'base64url'))
      })
    })

    describe('S044 S046 S047 refuses the claim', () => {
      const names = Object.keys(claims)
      it.each(names)('%s missing', (name) =>
        expect(claimed({ [name]: undefined })).resolves.toBe('invalid_token'),
      )
      it.each(names)('%s null', (name) =>
        expect(claimed({ [name]: null })).resolves.toBe('invalid_token'),
      )

      const texts = ['iss', 'aud', 'sub', 'sid', 'jti']
      const notTexts = [1, true, {}, [], '']
      it.each(texts.flatMap((name) => notTexts.map((value) => ({ [name]: value }))))(
        '%j',
        (changes) => expect(claimed(changes)).resolves.toBe('invalid_token'),
      )

      const numbers = ['gen', 'epoch', 'cv', 'auth_time', 'iat', 'exp']
      const notWhole = ['1', true, -1, 1.5, 1e308, [1], {}]
      it.each(numbers.flatMap((name) => notWhole.map((value) => ({ [name]: value }))))(
        '%j',
        (changes) => expect(claimed(changes)).resolves.toBe('invalid_token'),
      )

      it.each(
        ['roles', 'amr'].flatMap((name) =>
          ['user', {}, 1, [1], [null], [['user']]].map((value) => ({ [name]: value })),
        ),
      )('%j', (changes) => expect(claimed(changes)).resolves.toBe('invalid_token'))

      it.each([
        { iss: ['https://app.example'] },
        { iss: 'https://app.example/' },
        { iss: 'https://app.example.evil.example' },
        { iss: 'http://app.example' },
        { iss: 'https://APP.example' },
        { aud: ['https://app.example'] },
        { aud: [{}, 'https://app.example'] },
        { aud: 'https://app.exampl' },
        { aud: 'https://other.example' },
        { gen: 0 },
        ...[iat, iat + 3600].map((nbf) => ({ nbf })),
        { email: 'ada@example.com' },
        ...[null, 'somebody', {}, [], { sub: '' }, { sub: 1 }].map((act) => ({ act })),
        { act: { sub: 'somebody', act: { sub: 'another' } } },
      ])('%j', (changes) => expect(claimed(changes)).resolves.toBe('invalid_token'))

      it('but not of somebody who acts', () =>
        expect(claimed({ act: { sub: 'another' } })).resolves.toBe('accepted'))
    })

    describe('S044 refuses the dates', () => {
      const dates: Record<string, Record<string, number>> = {
        'exp now': { iat: iat - 600, exp: iat },
        'exp at iat': { iat: iat + 1, exp: iat + 1 },
        'exp before iat': { iat: iat + 2, exp: iat + 1 },
        'exp more than an hour after iat': { iat, exp: iat + 3601 },
        'exp in milliseconds': { exp: iat * 1000 },
        'iat six seconds ahead': { iat: iat + 6, exp: iat + 606 },
        'iat an hour ahead': { iat: iat + 3600, exp: iat + 4200 },
        'exp beyond every integer': { exp: 2 ** 53 },
      }
      it.each(Object.entries(dates))('%s', (_name, changes) =>
        expect(claimed(changes)).resolves.toBe('invalid_token'),
      )

      it.each([
        ['an hour of life', { iat, exp: iat + 3600 }],
        ['iat five seconds ahead', { iat: iat + 5, exp: iat + 605 }],
        ['a second left', { iat: iat - 599, exp: iat + 1 }],
      ])('but not %s', (_name, changes) => expect(claimed(changes)).resolves.toBe('accepted'))
    })

    describe('S048 S049 refuses a payload with', () => {
      const edited = (from: string | RegExp, to: string) => text.replace(from, to)
      const payloads: Record<string, string | Uint8Array> = {
        'a doubled sub': edited('"sub"', '"sub":"somebody","sub"'),
        'a doubled sub at the end': edited(/}$/, `,"sub":"${String(claims.sub)}"}`),
        'an escaped twin of a name': edited('"sub"', '"\\u0073ub":"somebody","sub"'),
        'white space': ` ${text}`,
        'a byte order mark': `\ufeff${text}`,
        'bytes that are not UTF-8': Buffer.from(edited('"pwd"', '"\xff"'), 'latin1'),
        'a float that is whole': edited(/"exp":(\d+)/, '"exp":$1.0'),
        'an exponent': edited(/"gen":1/, '"gen":1e0'),
        'a number beyond all': edited(/"exp":\d+/, '"exp":1e400'),
        'a prototype': edited('{', '{"__proto__":{"roles":["admin"]},'),
        'a constructor': edited('{', '{"constructor":{"prototype":{}},'),
        'deep nesting': edited('"roles":["user"]', `"roles":${'['.repeat(900)}${']'.repeat(900)}`),
        'an array around it': `[${text}]`,
        'a string around it': JSON.stringify(text),
        'half an object': text.slice(0, -1),
        nothing: '',
        null: 'null',
      }
      it.each(Object.entries(payloads))('%s', async (_name, other) => {
        expect(await verdictOn(signed(header, other))).toBe('invalid_token')
      })
    })

    describe('S048 bounds the size', () => {
      it('refuses more than 4096 characters, even properly signed', async () => {
        const padded = (length: number) =>
          JSON.stringify({ ...claims, roles: ['r'.repeat(length)] })
        expect(await verdictOn(signed(header, padded(2000)))).toBe('accepted')
        expect(await verdictOn(signed(header, padded(4000)))).toBe('invalid_token')
      })

      it.each([
        ['a long payload', `${firstSegment}.${'A'.repeat(5_000_000)}.${signature}`],
        ['a long header', `${base64url('[').repeat(500_000)}.${payload}.${signature}`],
        ['many dots', '.'.repeat(5_000_000)],
        ['deep nesting', signed(header, '['.repeat(200_000))],
      ])('refuses %s', async (_name, token) => {
        expect(await verdictOn(token)).toBe('invalid_token')
      })
    })
  },
)
