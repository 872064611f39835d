import { onSubmit } from './api.js'
import { logIn, sendAuthenticated } from './session.js'

onSubmit(document.querySelector('#login'), async (credentials) => {
  const { email } = await logIn(credentials)
  await showInvoices()
  document.querySelector('#logged-in').hidden = false
  return `Welcome, ${email}.`
})

onSubmit(document.querySelector('#new-invoice'), async ({ description, euros }) => {
  const cents = Math.round(Number(euros) * 100)
  await sendAuthenticated('POST', '/invoices', { description, cents, currency: 'EUR' })
  await showInvoices()
  return 'Added.'
})

async function showInvoices() {
  const { invoices } = await sendAuthenticated('GET', '/invoices')
  document.querySelector('#invoices').replaceChildren(...invoices.map(item))
}

function item({ description, cents, currency }) {
  const element = document.createElement('li')
  const amount = new Intl.NumberFormat('en', { style: 'currency', currency }).format(cents / 100)
  element.textContent = `${description}: ${amount}`
  return element
}
