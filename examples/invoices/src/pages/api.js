/** Sends JSON. Resolves the response; throws an error with words for the user. */
export async function fetchAnswer(method, path, body, accessToken) {
  const response = await fetch(path, {
    method,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(accessToken && { authorization: `Bearer ${accessToken}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (response.ok) return response
  throw Object.assign(new Error(wordsOf(await response.json())), { status: response.status })
}

/** Sends JSON, and resolves the answer's body. */
export async function send(method, path, body, accessToken) {
  const text = await (await fetchAnswer(method, path, body, accessToken)).text()
  return text === '' ? {} : JSON.parse(text)
}

/** The answer is problem details (RFC 9457): a title, and perhaps what is wrong with each member. */
function wordsOf({ title, errors = [] }) {
  return [`${title}.`, ...errors.map(({ detail }) => detail)].join(' ')
}

/** Runs `submit` with the form's fields when the form is sent, and shows what it resolves or why it fails. */
export function onSubmit(form, submit) {
  const output = form.querySelector('output')
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    output.textContent = '…'
    try {
      output.textContent = await submit(Object.fromEntries(new FormData(form)))
    } catch (error) {
      output.textContent = error.message
    }
  })
}
