import type { Transport } from '@latchkey/core'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { type OpenapiDocument, operationsOf } from '../support/openapi-traffic.ts'
import { everyRoute } from '../support/route-bodies.ts'
import { setUp } from '../support/setup.ts'

const transports: readonly Transport[] = ['bearer', 'header', 'cookie']

function documentOf(transport: Transport): OpenapiDocument {
  // Whether it is one is said below.
  return setUp(everyRoute).auth.openapi(transport) as OpenapiDocument
}

describe('the OpenAPI document of a mount', () => {
  it.each(transports)('is valid, and the one of its own transport: %s', async (transport) => {
    const document = documentOf(transport)
    const { valid } = await new Validator().validate({ ...document })
    expect(valid).toBe(true)
    const byDefault = setUp({ ...everyRoute, transport }).auth.openapi()
    expect(byDefault).toEqual(document)
  })

  it.each(transports)('asks for no credential that it does not describe: %s', (transport) => {
    const document = documentOf(transport)
    const { securitySchemes } = Object(document.components)
    const asked = operationsOf(document).flatMap(({ security }) =>
      security.flatMap((way) => Object.keys(way)),
    )
    expect(new Set(asked)).toEqual(new Set(Object.keys(securitySchemes)))
  })

  it('S071 tells of the CSRF token where something changes by cookies, and nowhere else', () => {
    const told = (transport: Transport) =>
      operationsOf(documentOf(transport))
        .filter((operation) => JSON.stringify(operation).includes('csrf_failed'))
        .map(({ method, path }) => `${method} ${path}`)
    const unsafe = operationsOf(documentOf('cookie'))
      .filter(({ method }) => method !== 'GET')
      .map(({ method, path }) => `${method} ${path}`)
    expect(told('cookie')).toEqual(unsafe)
    expect([...told('bearer'), ...told('header')]).toEqual([])
  })

  it('S068 has no token in any answer where tokens are in cookies', () => {
    const schemas = JSON.stringify(documentOf('cookie').components.schemas)
    expect(schemas).not.toMatch(/"(?:accessToken|tokenType)"/)
    expect(schemas).toContain('"csrfToken"')
    expect(JSON.stringify(documentOf('bearer').components.schemas)).not.toContain('"csrfToken"')
  })
})
