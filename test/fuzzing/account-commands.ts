import fc from 'fast-check'
import { type Deed, deeds } from './account-deeds.ts'
import type { Model, World } from './accounts-model.ts'

type Command = fc.AsyncCommand<Model, World>

/** What is drawn for a command: a user, and which of several things. */
interface Choice {
  readonly user: number
  readonly which: number
}

/** What is asked after each deed, by its name. */
export type After = (deed: string, model: Model, world: World) => Promise<void>

/** How every story begins: two of the users have an account, and have logged in. */
export function beginning(after: After): Iterable<Command> {
  return [0, 1].flatMap((user) =>
    ['registers', 'activates', 'logs in'].map((name) =>
      commandOf(name, deeds[name] ?? { act: async () => {} }, { user, which: 1 }, after),
    ),
  )
}

/** Any row of deeds by any users. `after` is asked after each. */
export function anyDeeds(after: After): fc.Arbitrary<Iterable<Command>> {
  const choice = fc.record({ user: fc.nat({ max: 2 }), which: fc.nat({ max: 99 }) })
  const commands = Object.entries(deeds).flatMap(([name, deed]) =>
    Array.from({ length: deed.weight ?? 1 }, () =>
      choice.map((chosen) => commandOf(name, deed, chosen, after)),
    ),
  )
  return fc.commands(commands, { maxCommands: 80, size: 'max' })
}

function commandOf(
  name: string,
  { can = () => true, act }: Deed,
  { user, which }: Choice,
  after: After,
): Command {
  const accountOf = ({ accounts }: Readonly<Model>) => {
    const account = accounts[user]
    if (account === undefined) throw new Error('there are three users')
    return account
  }
  return {
    check: (model) => can(accountOf(model), model),
    async run(model, world) {
      await act({ model, world, account: accountOf(model), pick: (items) => picked(items, which) })
      await after(name, model, world)
    },
    toString: () => `user ${user} ${name} (${which})`,
  }
}

function picked<Item>(items: readonly Item[], which: number): Item {
  const [item] = items.slice(which % items.length)
  if (item === undefined) throw new Error('there is nothing to pick from')
  return item
}
