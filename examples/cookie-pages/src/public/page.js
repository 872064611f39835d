import { send } from './send.js'

for (const form of document.forms) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const fields = Object.fromEntries(new FormData(form))
    const path = form.getAttribute('action')
    const answer = await send('POST', path, path === '/auth/logout' ? undefined : fields)
    if (answer.ok) return location.reload()
    document.querySelector('[role=status]').textContent = (await answer.json()).title
  })
}

// Who follows a link from another site has no cookie that renews the session, but this request has.
if (
  document.forms[0].getAttribute('action') === '/auth/login' &&
  document.cookie.includes('csrf=')
) {
  const answer = await fetch('/me')
  if (answer.ok) location.reload()
}
