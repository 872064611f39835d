import { onSubmit } from './api.js'
import { sendAuthenticated } from './session.js'

// A stolen access token is not enough for either: both want the password.

onSubmit(document.querySelector('#new-email'), async (fields) => {
  await sendAuthenticated('POST', '/auth/email/change', fields)
  return 'Now open the link to the new address in the outbox.'
})

onSubmit(document.querySelector('#deletion'), async (fields) => {
  await sendAuthenticated('DELETE', '/auth/me', fields)
  return 'Your account is deleted.'
})
