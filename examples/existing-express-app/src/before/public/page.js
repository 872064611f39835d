/** Sends a form as JSON, and shows the page anew, or what is wrong. */
async function submit(form) {
  const { method, action } = form.dataset
  const response = await send(method, action, Object.fromEntries(new FormData(form)))
  if (response.ok) return location.reload()
  const { error } = await response.json()
  form.querySelector('output').textContent = error
}

function send(method, path, fields) {
  const headers = { 'content-type': 'application/json' }
  return fetch(path, { method, headers, body: JSON.stringify(fields) })
}

for (const form of document.querySelectorAll('form')) {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void submit(form)
  })
}
