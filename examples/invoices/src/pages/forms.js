import { onSubmit, send } from './api.js'

// The token of a link stands in the fragment, which the browser keeps to itself. Opening the page does nothing with it:
// mail scanners open links too.
const token = new URLSearchParams(location.hash.slice(1)).get('token')
history.replaceState(null, '', location.pathname)

for (const form of document.querySelectorAll('form[data-post]')) {
  onSubmit(form, async (fields) => {
    await send('POST', form.dataset.post, token === null ? fields : { ...fields, token })
    return form.dataset.done
  })
}
