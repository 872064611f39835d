import { accountRow } from './account-row.js'
import { onSubmit } from './api.js'
import { download, logIn, sendAuthenticated } from './session.js'

const PAGE = { limit: 10 }

const nextPage = document.querySelector('#next')

// What asks for the page after the one that is shown.
let nextQuery = PAGE

onSubmit(document.querySelector('#login'), async (credentials) => {
  const { email } = await logIn(credentials)
  await showPage(PAGE)
  document.querySelector('#logged-in').hidden = false
  return `Welcome, ${email}.`
})

onSubmit(document.querySelector('#invitation'), async (fields) => {
  const { email } = await sendAuthenticated('POST', '/auth/users', fields)
  await showPage(PAGE)
  return `${email} is invited: the link is in the outbox.`
})

onSubmit(document.querySelector('#search'), async ({ search }) => {
  await showPage(search.trim() === '' ? PAGE : { ...PAGE, search })
  return ''
})

onSubmit(nextPage, async () => {
  await showPage(nextQuery)
  return ''
})

onSubmit(document.querySelector('#export'), async () => {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await download('/auth/users/export?format=csv'))
  link.download = 'accounts.csv'
  link.click()
  URL.revokeObjectURL(link.href)
  return 'Here it is.'
})

async function showPage(query) {
  const { users, cursor } = await sendAuthenticated(
    'GET',
    `/auth/users?${new URLSearchParams(query)}`,
  )
  document.querySelector('#accounts').replaceChildren(...users.map(accountRow))
  nextPage.hidden = cursor === null
  nextQuery = { ...query, cursor }
}
