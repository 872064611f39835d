import { fileURLToPath } from 'node:url'
import type { Auth } from '@latchkey/core'
import {
  authErrors,
  authOf,
  authRouter,
  optionalAuthOf,
  requireAuth,
} from '@latchkey/express-adapter'
import express, { type Express } from 'express'
import { homePage, loginPage } from './pages.ts'

const PUBLIC = fileURLToPath(new URL('public', import.meta.url))

/** Pages that the server renders, for an auth whose tokens travel in cookies. */
export function createApp(auth: Auth): Express {
  const notes = new Map<string, string[]>()
  const app = express()
  app.use('/auth', authRouter(auth))
  app.use('/public', express.static(PUBLIC))
  app.use(express.json())

  app.get('/', requireAuth(auth, { optional: true }), async (req, res) => {
    const who = optionalAuthOf(req)
    if (who === null) return void res.type('html').send(loginPage())
    const { email } = await who.loadUser()
    res.type('html').send(homePage(email ?? '', notes.get(who.user.id) ?? []))
  })

  app.get('/me', requireAuth(auth), async (req, res) => {
    res.json(await authOf(req).loadUser())
  })

  app.post('/notes', requireAuth(auth), (req, res) => {
    const { id } = authOf(req).user
    const { text } = Object(req.body)
    notes.set(id, [...(notes.get(id) ?? []), String(text)])
    res.status(201).json({ count: notes.get(id)?.length })
  })

  app.use(authErrors(auth))
  return app
}
