/** Sends a form as JSON, and shows the page anew, or what is wrong. */
async function submit(form) {
  const { method, action } = form.dataset
  const response = await send(method, action, Object.fromEntries(new FormData(form)))
  if (response.ok && !action.startsWith('/auth/')) return location.reload()
  const { error, title = 'Done.', ...answer } = await response.json().catch(() => ({}))
  if (response.ok && /log(in|out)$/.test(action)) keep(answer)
  form.querySelector('output').textContent = error ?? title
}

/** As whoever is logged in. When the access token has ended, the refresh token gets another. */
async function send(method, path, fields) {
  const response = await sendAs(tokens.accessToken, method, path, fields)
  const ended = response.status === 401 && !path.startsWith('/auth/')
  if (!ended || !tokens.refreshToken) return response
  const refreshed = await sendAs(tokens.refreshToken, 'POST', '/auth/refresh')
  if (!refreshed.ok) return response
  keep(await refreshed.json())
  return sendAs(tokens.accessToken, method, path, fields)
}

function sendAs(token, method, path, fields) {
  const headers = { 'content-type': 'application/json' }
  if (token) headers.authorization = `Bearer ${token}`
  return fetch(path, { method, headers, body: JSON.stringify(fields) })
}

let tokens = JSON.parse(sessionStorage.getItem('tokens') ?? '{}')

function keep(answer) {
  tokens = answer
  sessionStorage.setItem('tokens', JSON.stringify(answer))
}

for (const form of document.querySelectorAll('form')) {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void submit(form)
  })
}

const token = new URLSearchParams(location.hash.slice(1)).get('token')
for (const input of document.querySelectorAll('[name=token]')) input.value = token

for (const link of document.querySelectorAll('[href="/admin"]')) {
  link.addEventListener('click', async (event) => {
    event.preventDefault()
    const response = await send('GET', '/admin')
    if (response.ok) document.querySelector('main').innerHTML = await response.text()
  })
}
