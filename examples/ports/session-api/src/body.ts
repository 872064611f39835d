import { AuthError } from '@latchkey/core'
import express, { type Request, type RequestHandler } from 'express'

const limit = '16kb'
const json = 'application/json'
const forms = ['application/x-www-form-urlencoded', 'multipart/form-data']

const refuseOtherTypes: RequestHandler = (request, _response, next) => {
  const isTyped = request.get('content-type') !== undefined
  if (isTyped && request.is([json, ...forms]) === false) {
    throw new AuthError('unsupported_media_type')
  }
  next()
}

const readForm: RequestHandler = async (request, _response, next) => {
  if (Buffer.isBuffer(request.body)) request.body = await formFields(request)
  next()
}

/** Reads JSON and both kinds of forms, as Flask does. */
export const readBody: readonly RequestHandler[] = [
  refuseOtherTypes,
  express.json({ limit, type: json }),
  express.raw({ limit, type: forms }),
  readForm,
]

async function formFields(request: Request): Promise<Record<string, unknown>> {
  const headers = { 'content-type': request.get('content-type') ?? '' }
  const form = await new Response(request.body, { headers }).formData().catch(() => {
    throw new AuthError('invalid_request')
  })
  return Object.fromEntries(form)
}
