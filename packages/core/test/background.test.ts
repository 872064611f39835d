import { expect, it } from 'vitest'
import { background } from '../src/background.ts'

function watched() {
  const reports: string[] = []
  const work = background((error, what) => reports.push(`${what}: ${(error as Error).message}`))
  return { ...work, reports }
}

it('starts work only after whoever asked for it has gone on', async () => {
  const { later, settled } = watched()
  const order: string[] = []
  later('working', async () => order.push('work'))
  await Promise.resolve().then(() => order.push('answer'))
  await settled(10)
  expect(order).toEqual(['answer', 'work'])
})

it('settles when all work has ended, also what began meanwhile', async () => {
  const { later, settled } = watched()
  const done: string[] = []
  later('first', async () => {
    later('second', async () => done.push('second'))
    done.push('first')
  })
  await settled(10)
  expect(done).toEqual(['first', 'second'])
})

it('S103 reports what fails, and goes on', async () => {
  const { later, settled, reports } = watched()
  later('failing', () => Promise.reject(new Error('no')))
  later('throwing', () => {
    throw new Error('at once')
  })
  await settled(10)
  expect(reports).toEqual(['failing: no', 'throwing: at once'])
})

it('gives up on work that does not end, and says so', async () => {
  const { later, settled, reports } = watched()
  later('hanging', () => new Promise(() => {}))
  await settled(0)
  expect(reports).toEqual(['closing: 1 pieces of work did not end'])
})
