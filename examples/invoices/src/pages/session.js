import { fetchAnswer, send } from './api.js'

// In memory: they are gone with the page, and out of reach for every other one.
let tokens = { accessToken: '', refreshToken: '' }

/** Logs in with `identifier` and `password`, and resolves the user. */
export async function logIn(credentials) {
  tokens = await send('POST', '/auth/login', credentials)
  return tokens.user
}

/** Ends the session. */
export function logOut() {
  return send('POST', '/auth/logout', { refreshToken: tokens.refreshToken })
}

/** As `send`, in the session. */
export function sendAuthenticated(method, path, body) {
  return withToken((accessToken) => send(method, path, body, accessToken))
}

/** Resolves what there is to download, as a blob: a link sends no token. */
export async function download(path) {
  const answer = await withToken((accessToken) => fetchAnswer('GET', path, undefined, accessToken))
  return answer.blob()
}

/** An access token lives for ten minutes: with the first refusal the next one is due. */
async function withToken(ask) {
  try {
    return await ask(tokens.accessToken)
  } catch (error) {
    if (error.status !== 401) throw error
    const { refreshToken } = tokens
    tokens = { ...tokens, ...(await send('POST', '/auth/refresh', { refreshToken })) }
    return ask(tokens.accessToken)
  }
}
