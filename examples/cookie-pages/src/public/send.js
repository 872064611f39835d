/** Sends JSON, with the CSRF token of the session that the browser has now. */
export function send(method, path, body) {
  const csrf = /(?:^|; )(?:__Host-)?csrf=([^;]*)/.exec(document.cookie)?.[1] ?? ''
  const json = body === undefined ? {} : { 'content-type': 'application/json' }
  const headers = { 'x-csrf-token': csrf, ...json }
  return fetch(path, { method, headers, body: body && JSON.stringify(body) })
}
