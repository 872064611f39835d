import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'

const here = `${import.meta.dirname}/..`

it('the diff is the one between the two apps; write it anew with vitest -u', async () => {
  await expect(diff()).toMatchFileSnapshot(`${here}/adding-latchkey.diff`)
})

/** Of our own choice, whatever the settings of git say; without the lines that only git reads. */
function diff(): string {
  const options = '--no-index --no-ext-diff --no-color --no-renames --diff-algorithm=myers -U1'
  const prefixes = ['--src-prefix=', '--dst-prefix=']
  const { stdout } = spawnSync(
    'git',
    ['diff', ...options.split(' '), ...prefixes, 'before', 'after'],
    { cwd: `${here}/src`, encoding: 'utf8' },
  )
  return stdout.replace(/^(?:diff|index|new file) .*\n/gm, '')
}
