// node passport-jwt.mjs '{"key":"string","sessions":1000}'
import express from 'express'
import passport from 'passport'
import { ExtractJwt, Strategy } from 'passport-jwt'
import { ANSWER, host } from '../src/routes/host.ts'
import { bearerSessions, keyOf } from './jwt-tokens.mjs'

const { key, sessions } = JSON.parse(process.argv[2])
const options = {
  jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
  secretOrKey: keyOf(key),
  algorithms: ['HS256'],
}
// Without a look at a database: it trusts what the token says.
passport.use(new Strategy(options, (claims, done) => done(null, { id: claims.sub })))

const app = express()
const guard = passport.authenticate('jwt', { session: false })
app.get('/protected', guard, (_request, response) => {
  response.json(ANSWER)
})
host({ listener: app, sessions: bearerSessions(sessions), logout: null, queries: () => 0 })
