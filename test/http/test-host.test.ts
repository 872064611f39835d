import { testHost } from '@latchkey/core/testing'
import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it } from 'vitest'
import { brokenHosts, soundHost } from '../support/broken-hosts.ts'
import { hostsOnMemory } from '../support/hosts.ts'

for (const host of hostsOnMemory.filter(({ parsesFirst }) => !parsesFirst)) {
  const underTest = {
    makeStore: memoryStore,
    async serve(auth: Parameters<typeof host.serve>[0]) {
      const { url } = await host.serve(auth)
      return { url: url + host.base, guardedUrl: `${url}/protected`, close: async () => {} }
    },
  }
  testHost(host.name, underTest, { describe, it })
}

testHost('a host that is written by hand', soundHost, { describe, it })

describe('testHost', () => {
  it.each(brokenHosts)('fails a host that $fault: $guarantee', async ({ host, guarantee }) => {
    const cases = new Map<string, () => Promise<void>>()
    testHost('a host', host, {
      describe: (_name, body) => body(),
      it: (name, run) => cases.set(name, run),
    })
    await expect(cases.get(guarantee)?.()).rejects.toThrow(guarantee)
  })
})
