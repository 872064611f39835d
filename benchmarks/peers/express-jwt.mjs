// node express-jwt.mjs '{"key":"string","sessions":1000}'
import express from 'express'
import { expressjwt } from 'express-jwt'
import { ANSWER, host } from '../src/routes/host.ts'
import { bearerSessions, keyOf } from './jwt-tokens.mjs'

const { key, sessions } = JSON.parse(process.argv[2])
const app = express()
const guard = expressjwt({ secret: keyOf(key), algorithms: ['HS256'] })
app.get('/protected', guard, (_request, response) => {
  response.json(ANSWER)
})
host({ listener: app, sessions: bearerSessions(sessions), logout: null, queries: () => 0 })
