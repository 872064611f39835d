import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { expectEqual } from '../assertions.ts'
import { PASSWORD } from '../flows/account.ts'
import {
  expectProblem,
  expectStatus,
  type HostGroup,
  hostCase,
  logIn,
  type Stage,
  targetOf,
} from './stage.ts'
import { answerOn, bytesOf, openConnection } from './wire.ts'

function loginBytes(stage: Stage): Uint8Array {
  return bytesOf({
    method: 'POST',
    target: targetOf(stage, '/login'),
    headers: ['Content-Type: application/json'],
    body: JSON.stringify({ identifier: stage.setup.ada.email, password: PASSWORD }),
  })
}

/** Clients that are slow, or gone. */
export const brokenClients: HostGroup = {
  title: 'clients that break off',
  cases: [
    hostCase('may send a body byte by byte', async (stage) => {
      const socket = openConnection(stage.host.url)
      const answer = answerOn(socket)
      await once(socket, 'connect')
      socket.setNoDelay()
      for (const byte of loginBytes(stage)) {
        socket.write(Uint8Array.of(byte))
        await setImmediate()
      }
      expectStatus(await answer, 200, 'the login')
    }),
    hostCase('S103 hold nobody up, and are no error of ours', async (stage) => {
      const bytes = loginBytes(stage)
      const half = bytes.subarray(0, bytes.length - 10)
      const slow = openConnection(stage.host.url)
      const slowAnswer = answerOn(slow)
      slow.write(half)
      const gone = openConnection(stage.host.url)
      gone.write(half)
      await once(gone, 'connect')
      await logIn(stage)
      gone.destroy()
      await logIn(stage)
      slow.write(bytes.subarray(bytes.length - 10))
      expectStatus(await slowAnswer, 200, 'the slow one')
      expectEqual(stage.setup.errors, [], 'what was reported')
    }),
    hostCase('S096 are refused before they have sent what they announce', async (stage) => {
      const socket = openConnection(stage.host.url)
      const answer = answerOn(socket)
      socket.write(
        bytesOf({
          method: 'POST',
          target: targetOf(stage, '/login'),
          headers: ['Content-Type: application/json', 'Content-Length: 1000000000'],
        }),
      )
      expectProblem(await answer, 'payload_too_large', 'a gigabyte')
    }),
  ],
}
