import { onSubmit } from './api.js'
import { sendAuthenticated } from './session.js'

const template = document.querySelector('#account')

// An account that waits for its owner can be opened, too.
const actions = {
  active: { path: 'disable', words: 'Disable' },
  disabled: { path: 'enable', words: 'Enable' },
  pending: { path: 'enable', words: 'Enable' },
}

/** A row of the table, with a button that lets the account in or keeps it out. */
export function accountRow({ id, email, roles, status }) {
  const row = template.content.firstElementChild.cloneNode(true)
  const { path, words } = actions[status]
  row.querySelector('.email').textContent = email
  row.querySelector('.roles').textContent = roles.join(', ')
  row.querySelector('.status').textContent = status
  row.querySelector('button').textContent = words
  onSubmit(row.querySelector('form'), async () => {
    const account = await sendAuthenticated('POST', `/auth/users/${id}/${path}`)
    row.replaceWith(accountRow(account))
    return ''
  })
  return row
}
