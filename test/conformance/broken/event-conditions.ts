import { type BrokenStore, broken } from './broken-store.ts'
import { asking, meeting } from './listed-events.ts'

const CONDITIONS = 'events.list, conditions'
const TYPE = `${CONDITIONS} > gives the events of a type, compared byte for byte`

export const brokenEventConditions: readonly BrokenStore[] = [
  broken(
    'gives events of everybody',
    `${CONDITIONS} > gives nothing for a user without events`,
    asking((query) => ({ ...query, userId: null })),
  ),

  broken(
    'gives events by everybody',
    `${CONDITIONS} > gives nothing for a user without events`,
    asking((query) => ({ ...query, actorId: null })),
  ),

  broken(
    'gives events about nobody to everybody',
    `${CONDITIONS} > does not give events about nobody to somebody`,
    meeting(({ userId }, asked) => [null, userId].includes(asked.userId) || userId === null, {
      userId: null,
    }),
  ),

  broken(
    'gives what somebody did for what happened to them',
    `${CONDITIONS} > does not give events about nobody to somebody`,
    meeting(
      ({ userId, actorId }, asked) =>
        asked.userId === null || asked.userId === userId || asked.userId === actorId,
      { userId: null },
    ),
  ),

  broken(
    'takes the user of an event for who caused it',
    `${CONDITIONS} > tells what somebody did from what happened to them`,
    meeting(
      ({ userId, actorId }, asked) =>
        asked.actorId === null || asked.actorId === (actorId ?? userId),
      { actorId: null },
    ),
  ),

  broken(
    'gives events of every type',
    TYPE,
    asking((query) => ({ ...query, type: null })),
  ),

  ...(
    [
      ['whose type begins with it', (type: string, asked: string) => type.startsWith(asked)],
      [
        'whose type is it in lower case',
        (type: string, asked: string) => fold(type) === fold(asked),
      ],
      [
        'whose type is it without spaces',
        (type: string, asked: string) => type.trim() === asked.trim(),
      ],
      ['whose type is it to a dictionary', isSameToDictionary],
      ['whose type is like it', isLike],
    ] as const
  ).map(([what, isOf]) =>
    broken(
      `gives events ${what}`,
      TYPE,
      meeting(({ type }, asked) => asked.type === null || isOf(type, asked.type), { type: null }),
    ),
  ),

  broken(
    'gives events whatever their outcome',
    `${CONDITIONS} > gives the events that are a failure, and no other`,
    asking((query) => ({ ...query, outcome: null })),
  ),

  broken(
    'gives failures where it is asked for what went well',
    `${CONDITIONS} > gives the events that are a success, and no other`,
    asking((query) => ({ ...query, outcome: query.outcome && 'failure' })),
  ),

  broken(
    'gives events later than asked for',
    `${CONDITIONS} > gives the events from then on, to the millisecond`,
    meeting(({ at }, { from }) => from === null || at > from, { from: null }),
  ),

  broken(
    'compares the times of events to the second',
    `${CONDITIONS} > gives the events from then on, to the millisecond`,
    meeting(({ at }, { from }) => from === null || seconds(at) >= seconds(from), { from: null }),
  ),

  broken(
    'gives events of just then, and not before',
    `${CONDITIONS} > gives the events before then, to the millisecond`,
    meeting(({ at }, { before }) => before === null || at <= before, { before: null }),
  ),

  broken(
    'takes times that end before they begin for the other way round',
    `${CONDITIONS} > gives the events between two moments, and none between one and itself`,
    asking((query) => {
      const { from, before } = query
      const turned = from !== null && before !== null && from > before
      return turned ? { ...query, from: before, before: from } : query
    }),
  ),

  broken(
    'forgets the other conditions where a user is named',
    `${CONDITIONS} > S094 holds all conditions together, however combined`,
    asking((query) => (query.userId === null ? query : { ...query, type: null, outcome: null })),
  ),

  broken(
    'forgets the conditions on every page of events but the first',
    `${CONDITIONS} > S094 holds all conditions together, however combined`,
    asking((query) => (query.after === null ? query : { ...query, actorId: null })),
  ),

  broken(
    'leaves out events after it has cut the page',
    `${CONDITIONS} > S094 fills pages whatever the conditions leave out`,
    ({ events }) => ({
      events: {
        async list({ outcome, ...query }) {
          const page = await events.list({ ...query, outcome: null })
          return page.filter((event) => outcome === null || event.outcome === outcome)
        },
      },
    }),
  ),
]

function fold(text: string): string {
  return text.toLowerCase()
}

function isSameToDictionary(a: string, b: string): boolean {
  return a.localeCompare(b, 'en', { sensitivity: 'base' }) === 0
}

/** As `like` has it. */
function isLike(text: string, pattern: string): boolean {
  const source = pattern.replaceAll('.', '\\.').replaceAll('_', '.').replaceAll('%', '.*')
  return new RegExp(`^${source}$`).test(text)
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}
