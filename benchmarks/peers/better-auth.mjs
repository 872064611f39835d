// node better-auth.mjs '{"database":"sqlite:…","cookieCache":true,"sessions":1000}'; without a database, in memory
import { fromNodeHeaders, toNodeHandler } from 'better-auth/node'
import express from 'express'
import { ANSWER, host } from '../src/routes/host.ts'
import { createBetterAuth, EMAIL, PASSWORD } from './better-auth-setup.mjs'

const { database, cookieCache, sessions } = JSON.parse(process.argv[2])
const { auth, queries } = await createBetterAuth({ database, cookieCache, isQuickPassword: true })

const app = express()
app.all('/api/auth/{*path}', toNodeHandler(auth))
app.get('/protected', onlyUsers, (_request, response) => {
  response.json(ANSWER)
})

await auth.api.signUpEmail({ body: { name: 'Ada', email: EMAIL, password: PASSWORD } })
const logins = []
for (let number = 0; number < sessions; number += 1) logins.push(await logIn())
host({ listener: app, sessions: logins, logout: '/api/auth/sign-out', queries })

async function onlyUsers(request, response, next) {
  const session = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) })
  if (session === null) response.status(401).json({})
  else next()
}

async function logIn() {
  const body = { email: EMAIL, password: PASSWORD }
  const { headers } = await auth.api.signInEmail({ body, returnHeaders: true })
  const cookies = headers.getSetCookie().map((line) => line.split(';')[0])
  return { cookie: cookies.join('; '), origin: 'http://localhost:3000' }
}
