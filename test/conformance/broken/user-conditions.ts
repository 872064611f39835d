import type { User } from '@latchkey/core'
import { type BrokenStore, broken } from './broken-store.ts'
import { asking, listingBy, relisting } from './listed-users.ts'

const CONDITIONS = 'users.list, conditions'
const ROLE = `${CONDITIONS} > gives who has the role, alone or among others, in any status`
const SECOND = 1000

export const brokenUserConditions: readonly BrokenStore[] = [
  ...(['pending', 'active', 'disabled'] as const).map((status) =>
    broken(
      `lists everybody where it is asked who is ${status}`,
      `${CONDITIONS} > gives who is ${status}, and nobody else`,
      asking((query) => (query.status === status ? { ...query, status: null } : query)),
    ),
  ),

  broken(
    'lists users whatever their roles',
    ROLE,
    asking((query) => ({ ...query, role: null })),
  ),

  broken(
    'lists by a role those who count as administrators',
    ROLE,
    listingBy({
      hasRole: ({ status, roles, leavingAdmin }, role) =>
        status === 'active' && !leavingAdmin && roles.includes(role),
    }),
  ),

  broken(
    'looks at the first role alone',
    ROLE,
    listingBy({ hasRole: ({ roles }, role) => roles[0] === role }),
  ),

  broken(
    'lists a user for each time that the role is named',
    `${CONDITIONS} > gives a user once, however often the role is named`,
    ({ users }) => ({
      users: {
        async list(query) {
          const listed = await users.list(query)
          return listed.flatMap((user) =>
            user.roles.filter((r) => r === query.role).map(() => user),
          )
        },
      },
    }),
  ),

  ...(
    [
      [
        'contains the text',
        '"administrator"',
        (roles: string, role: string) => roles.includes(role),
      ],
      ['is the same to a dictionary', '"ádmin"', isSameToDictionary],
      [
        'is the same in lower case',
        '"Admin"',
        (roles: string, r: string) => fold(roles) === fold(r),
      ],
      ['is the same without spaces', '"admin "', (roles: string, r: string) => roles.trim() === r],
      [
        'matches the pattern',
        '"%"',
        (roles: string, role: string) => roles === role || role === '%',
      ],
    ] as const
  ).map(([what, role, isLike]) =>
    broken(
      `lists everybody of whom a role ${what}`,
      `${CONDITIONS} > does not take the role ${role} for the role "admin"`,
      listingBy({
        hasRole: ({ roles }, asked) =>
          roles.some((each) => isLike(each, asked) || isLike(asked, each)),
      }),
    ),
  ),

  broken(
    'lists who was created later than asked for',
    `${CONDITIONS} > gives who was created from then on, to the millisecond`,
    listingBy({ isFrom: ({ createdAt }, from) => createdAt > from }),
  ),

  broken(
    'compares the creation of users to the second',
    `${CONDITIONS} > gives who was created from then on, to the millisecond`,
    listingBy({ isFrom: ({ createdAt }, from) => seconds(createdAt) >= seconds(from) }),
  ),

  broken(
    'lists who was created just then, and not before',
    `${CONDITIONS} > gives who was created before then, to the millisecond`,
    listingBy({ isBefore: ({ createdAt }, before) => createdAt <= before }),
  ),

  broken(
    'has both ends within the time of creation',
    `${CONDITIONS} > gives who was created between two moments, and nobody between one and itself`,
    relisting((all, { createdFrom, createdBefore }) =>
      all.filter(
        ({ createdAt }) =>
          createdAt >= (createdFrom ?? createdAt) && createdAt <= (createdBefore ?? createdAt),
      ),
    ),
  ),

  broken(
    'takes a time of creation that ends before it begins for the other way round',
    `${CONDITIONS} > gives who was created between two moments, and nobody between one and itself`,
    asking((query) => {
      const { createdFrom, createdBefore } = query
      const turned = createdFrom !== null && createdBefore !== null && createdFrom > createdBefore
      return turned ? { ...query, createdFrom: createdBefore, createdBefore: createdFrom } : query
    }),
  ),

  broken(
    'forgets the other conditions where a prefix is given',
    `${CONDITIONS} > S094 holds all conditions together, however combined, ascending`,
    asking((query) => (query.prefix === null ? query : { ...query, role: null, status: null })),
  ),

  broken(
    'forgets the conditions on every page of users but the first',
    `${CONDITIONS} > S094 holds all conditions together, however combined, descending`,
    asking((query) => (query.after === null ? query : { ...query, status: null })),
  ),

  broken(
    'leaves out users after it has cut the page',
    `${CONDITIONS} > S094 fills pages whatever the conditions leave out`,
    ({ users }) => ({
      users: {
        async list({ role, ...query }) {
          const page = await users.list({ ...query, role: null })
          return page.filter(({ roles }: User) => role === null || roles.includes(role))
        },
      },
    }),
  ),
]

function isSameToDictionary(a: string, b: string): boolean {
  return a.localeCompare(b, 'en', { sensitivity: 'base' }) === 0
}

function fold(text: string): string {
  return text.toLowerCase()
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / SECOND)
}
