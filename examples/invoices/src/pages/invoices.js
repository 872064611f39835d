import { onSubmit, send } from './api.js'

// In memory: they are gone with the page, and out of reach for every other one.
let tokens = { accessToken: '', refreshToken: '' }

const invoiceForm = document.querySelector('#new-invoice')

onSubmit(document.querySelector('#login'), async (fields) => {
  tokens = await send('POST', '/auth/login', fields)
  await showInvoices()
  return `Welcome, ${tokens.user.email}.`
})

onSubmit(invoiceForm, async ({ description, euros }) => {
  const cents = Math.round(Number(euros) * 100)
  await sendAuthenticated('POST', '/invoices', { description, cents, currency: 'EUR' })
  await showInvoices()
  return 'Added.'
})

async function showInvoices() {
  const { invoices } = await sendAuthenticated('GET', '/invoices')
  document.querySelector('#invoices').replaceChildren(...invoices.map(item))
  invoiceForm.hidden = false
}

function item({ description, cents, currency }) {
  const element = document.createElement('li')
  const amount = new Intl.NumberFormat('en', { style: 'currency', currency }).format(cents / 100)
  element.textContent = `${description}: ${amount}`
  return element
}

/** An access token lives for ten minutes: with the first refusal the next one is due. */
async function sendAuthenticated(method, path, body) {
  try {
    return await send(method, path, body, tokens.accessToken)
  } catch (error) {
    if (error.status !== 401) throw error
    const { refreshToken } = tokens
    tokens = { ...tokens, ...(await send('POST', '/auth/refresh', { refreshToken })) }
    return send(method, path, body, tokens.accessToken)
  }
}
