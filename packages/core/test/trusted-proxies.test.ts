import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientAddressBy, type TrustProxyOption } from '../src/trusted-proxies.ts'

const CLIENT = '198.51.100.7'
const PROXY = '10.0.0.1'

function addressBy(trusted: TrustProxyOption, peer: string | null, forwardedFor: string | null) {
  return clientAddressBy(trusted)(peer, forwardedFor)
}

describe('S030 the address of a client', () => {
  it('is that of the peer where no proxy is trusted', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        expect(addressBy(false, CLIENT, header)).toBe(CLIENT)
      }),
    )
    expect(addressBy(false, null, CLIENT)).toBeNull()
  })

  it.each<readonly [TrustProxyOption, string | null, string | null]>([
    [1, CLIENT, CLIENT],
    [1, `6.6.6.6, ${CLIENT}`, CLIENT],
    [1, `6.6.6.6,7.7.7.7 ,\t${CLIENT}`, CLIENT],
    [2, `6.6.6.6, ${CLIENT}, 10.0.0.2`, CLIENT],
    [2, CLIENT, CLIENT],
    [1, null, PROXY],
    [1, '', PROXY],
    [1, '6.6.6.6, ', PROXY],
    [1, '6.6.6.6, unknown', PROXY],
    [1, '6.6.6.6, _hidden', PROXY],
    [1, `for=${CLIENT}`, PROXY],
    [2, '6.6.6.6, nonsense, 10.0.0.2', '10.0.0.2'],
    [1, `${CLIENT}:4711`, CLIENT],
    [1, '[2001:db8::7]:443', '2001:db8:0:0:0:0:0:7'],
    [1, '2001:DB8::7', '2001:db8:0:0:0:0:0:7'],
    [1, '::ffff:198.51.100.7', CLIENT],
    [['10.0.0.0/8'], `6.6.6.6, ${CLIENT}`, CLIENT],
    [['10.0.0.0/8'], `6.6.6.6, ${CLIENT}, 10.2.3.4`, CLIENT],
    [['10.0.0.0/8'], '10.9.9.9, 10.2.3.4', '10.9.9.9'],
    [['10.0.0.1'], `${CLIENT}, 10.0.0.2`, '10.0.0.2'],
    [['10.0.0.0/8'], 'nonsense, 10.2.3.4', '10.2.3.4'],
    [['172.16.0.0/12'], CLIENT, PROXY],
    [['fd00::/8', '10.0.0.1/32'], CLIENT, CLIENT],
  ])('by %j and %j is %s', (trusted, header, expected) => {
    expect(addressBy(trusted, PROXY, header)).toBe(expected)
  })

  it('is known to a proxy on a Unix socket too, which has no address', () => {
    expect(addressBy(1, null, CLIENT)).toBe(CLIENT)
    expect(addressBy(['10.0.0.0/8'], null, CLIENT)).toBeNull()
  })

  it('trusts a proxy however its address is shown', () => {
    expect(addressBy(['10.0.0.0/8'], '::ffff:10.0.0.1', CLIENT)).toBe(CLIENT)
    expect(addressBy(['::ffff:10.0.0.1'], PROXY, CLIENT)).toBe(CLIENT)
    expect(addressBy(['fd00::/8'], 'FD00::1', CLIENT)).toBe(CLIENT)
  })

  it('is never what the client itself has written in front', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 3 }), (sent, hops) => {
        const proxies = ['10.0.0.3', '10.0.0.2'].slice(3 - hops)
        const header = [sent, CLIENT, ...proxies].join(',')
        expect(addressBy(hops, PROXY, header)).toBe(CLIENT)
        expect(addressBy(['10.0.0.0/24'], PROXY, header)).toBe(CLIENT)
      }),
    )
  })
})
