import { readFile } from 'node:fs/promises'
import type * as backup from '@latchkey/backup'
import type { Call, Command } from './command.ts'
import { openFile, writeFile } from './files.ts'
import { progressOn, showing } from './progress.ts'
import { askSecret, MisuseError, print } from './terminal.ts'

/** Backups, and what follows a restoration. */
export const backupCommands: readonly Command[] = [
  {
    name: 'users backup',
    takes: '<file>',
    summary:
      'Writes all accounts, with password hashes, and the audit log into an encrypted file (age).',
    options: ['passphrase-file', 'without-events', 'force'],
    run: backUpUsers,
  },
  {
    name: 'users restore',
    takes: '<file>',
    summary: 'Puts the accounts of a backup back, and ends their sessions.',
    options: ['passphrase-file', 'yes'],
    run: restoreUsers,
  },
  {
    name: 'sessions end-all',
    summary: "Ends all sessions of all users: for after a restoration by the database's own means.",
    options: ['yes'],
    run: endAllSessions,
  },
]

async function backUpUsers(call: Call): Promise<number> {
  const { values, terminal, argument } = call
  const { backUp } = await loadBackup()
  const passphrase = await passphraseOf(call)
  const count = { users: 0, events: 0 }
  await showing(progressOn(terminal.stderr, 'records'), async ({ show }) => {
    const onProgress = (done: backup.BackUpProgress) => {
      Object.assign(count, done)
      show(done.users + done.events, null)
    }
    const events = values['without-events'] !== true
    const bytes = backUp(call.store(), { passphrase, events, onProgress })
    await writeFile(argument ?? '', bytes, values.force === true)
  })
  print(terminal.stdout, `Backed up ${count.users} users and ${count.events} events.`)
  return 0
}

/** Reads the file twice: what breaks off half way restores nothing. */
async function restoreUsers(call: Call): Promise<number> {
  const { values, terminal, argument } = call
  const passphrase = await passphraseOf(call)
  const found = await restoreFrom(call, argument ?? '', passphrase, true)
  if (values.yes !== true) {
    const content = `The backup holds ${found.users} users and ${found.events} events.`
    print(terminal.stdout, `${content} Say --yes to restore them and end their sessions.`)
    return 0
  }
  const { users, events, conflicts } = await restoreFrom(call, argument ?? '', passphrase, false)
  for (const { userId, field } of conflicts) {
    print(terminal.stderr, `${userId}: not restored, for the ${field} belongs to another account.`)
  }
  print(terminal.stdout, `Restored ${users - conflicts.length} users and ${events} events.`)
  return conflicts.length === 0 ? 0 : 1
}

async function restoreFrom(
  { store, terminal }: Call,
  path: string,
  passphrase: string,
  dryRun: boolean,
): Promise<backup.RestoreReport> {
  const { restore } = await loadBackup()
  const { bytes } = await openFile(path)
  const unit = dryRun ? 'records checked' : 'records restored'
  return showing(progressOn(terminal.stderr, unit), ({ show }) =>
    restore(store(), bytes, {
      passphrase,
      dryRun,
      onProgress: ({ users, events }) => show(users + events, null),
    }),
  )
}

async function endAllSessions({ values, store, terminal }: Call): Promise<number> {
  if (values.yes !== true) {
    print(terminal.stdout, 'This logs everybody out, everywhere. Say --yes to do it.')
    return 0
  }
  const { endAllSessions: end } = await loadBackup()
  const users = await showing(progressOn(terminal.stderr, 'users'), ({ show }) =>
    end(store(), { onProgress: (done) => show(done, null) }),
  )
  print(terminal.stdout, `Ended all sessions of ${users} users.`)
  return 0
}

async function passphraseOf({ values, env, terminal }: Call): Promise<string> {
  const file = values['passphrase-file']
  if (file !== undefined) {
    const text = await readFile(file, 'utf8').catch(() => {
      throw new MisuseError(`The file ${file} cannot be read.`)
    })
    return text.split(/\r?\n/, 1)[0] ?? ''
  }
  return env.LATCHKEY_PASSPHRASE || askSecret(terminal, 'Passphrase')
}

async function loadBackup(): Promise<typeof backup> {
  try {
    return await import('@latchkey/backup')
  } catch (error) {
    if (Object(error).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new MisuseError(
      'This needs the package @latchkey/backup: run npm install @latchkey/backup.',
    )
  }
}
