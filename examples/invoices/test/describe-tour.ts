import { describe, expect, it } from 'vitest'
import type { Application } from '../src/application.ts'
import { run, startMain } from './support/processes.ts'

/** The tour, which expects the same answers of every framework. */
export function describeTour(app: Application): void {
  describe('the tour', { timeout: 30_000 }, () => {
    it('starts a demo of its own, and shows an answer for every step', async () => {
      const { code, stdout, stderr } = await run(app, 'tour.ts')
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const answers = stdout.match(/^ {2}< \d{3}/gm)?.length
      expect(stdout).toContain(`All ${answers} answers were as expected.`)
      expect(answers).toBeGreaterThan(20)
    })

    it('prints no whole token and no password of the administrator', async () => {
      const { stdout } = await run(app, 'tour.ts', { DEMO_ADMIN_PASSWORD: 'paper boats' })
      expect(stdout).not.toMatch(/[\w.-]{30,}/)
      expect(stdout).not.toContain('paper boats"')
    })

    it('visits a demo that runs already, as often as asked', async () => {
      const DEMO_ADMIN_PASSWORD = 'paper boats'
      const { url: DEMO_URL } = await startMain(app, { DEMO_ADMIN_PASSWORD })
      const visit = () => run(app, 'tour.ts', { DEMO_URL, DEMO_ADMIN_PASSWORD })
      expect(await visit()).toMatchObject({ code: 0, stderr: '' })
      expect(await visit()).toMatchObject({ code: 0, stderr: '' })
    })

    it('fails with the first answer that is not as expected', async () => {
      const { url: DEMO_URL } = await startMain(app)
      const { code, stderr } = await run(app, 'tour.ts', {
        DEMO_URL,
        DEMO_ADMIN_PASSWORD: 'wrong one',
      })
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: 'Expected 200, not 401 invalid_credentials.\n',
      })
    })
  })
}
