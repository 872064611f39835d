// node passport-session.mjs '{"database":"postgres://…","sessions":1000}'; without a database, in memory
import connectPgSimple from 'connect-pg-simple'
import express from 'express'
import session from 'express-session'
import passport from 'passport'
import { Strategy } from 'passport-local'
import pg from 'pg'
import { ANSWER, host } from '../src/routes/host.ts'

const { database, sessions } = JSON.parse(process.argv[2])
let queries = 0
const store = database === undefined ? new session.MemoryStore() : postgresStore(database)
// It reads the session, and writes that it was seen.
for (const verb of ['get', 'touch']) {
  const call = store[verb].bind(store)
  store[verb] = (...input) => {
    queries += 1
    call(...input)
  }
}

const users = new Map()
passport.use(new Strategy((username, _password, done) => done(null, { id: username })))
passport.serializeUser((user, done) => {
  users.set(user.id, user)
  done(null, user.id)
})
passport.deserializeUser((id, done) => done(null, users.get(id) ?? false))

const app = express()
app.use(
  session({
    secret: 'a-secret-for-benchmarks-0123456789',
    resave: false,
    saveUninitialized: false,
    store,
  }),
)
app.use(passport.session())
app.post('/login', express.json(), passport.authenticate('local'), (_request, response) => {
  response.json({})
})
app.post('/logout', (request, response, next) => {
  request.session.destroy((error) => (error ? next(error) : response.json({})))
})
app.get('/protected', onlyUsers, (_request, response) => {
  response.json(ANSWER)
})

const server = app.listen(0, '127.0.0.1', async () => {
  const { port } = server.address()
  const logins = []
  for (let number = 0; number < sessions; number += 1) logins.push(await logIn(port, number))
  server.close()
  host({ listener: app, sessions: logins, logout: '/logout', queries: () => queries })
})

function onlyUsers(request, response, next) {
  if (request.isAuthenticated()) next()
  else response.status(401).json({})
}

async function logIn(port, number) {
  const response = await fetch(`http://127.0.0.1:${port}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: `user-${number}`, password: 'correct horse battery' }),
  })
  return { cookie: response.headers.getSetCookie()[0].split(';')[0] }
}

function postgresStore(connectionString) {
  const Store = connectPgSimple(session)
  return new Store({ pool: new pg.Pool({ connectionString }), createTableIfMissing: true })
}
