import type { RequestHandler } from 'express'

/** The original's clients send nothing before the token. From here on it is heard as any bearer token is. */
export const takeBareToken: RequestHandler = ({ rawHeaders }, _response, next) => {
  rawHeaders.forEach((name, at) => {
    const value = rawHeaders[at + 1]
    if (at % 2 === 1 || name.toLowerCase() !== 'authorization') return
    if (value === undefined || value.includes(' ')) return
    // An empty line says nothing: it is as if there were none.
    if (value === '') rawHeaders[at] = ''
    else rawHeaders[at + 1] = `Bearer ${value}`
  })
  next()
}
