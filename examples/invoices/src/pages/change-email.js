import { onSubmit } from './api.js'
import { proof } from './link-token.js'
import { logIn, logOut, sendAuthenticated } from './session.js'

// The link alone is not enough: the account must be that of whoever reads the new address.
onSubmit(document.querySelector('#confirmation'), async (credentials) => {
  await logIn(credentials)
  try {
    const { email } = await sendAuthenticated('POST', '/auth/email/confirm', proof)
    return `Your address is ${email} now: log in with it from now on.`
  } finally {
    await logOut()
  }
})
