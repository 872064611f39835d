import { onSubmit, send } from './api.js'
import { proof } from './link-token.js'

for (const form of document.querySelectorAll('form[data-post]')) {
  onSubmit(form, async (fields) => {
    await send('POST', form.dataset.post, { ...fields, ...proof })
    return form.dataset.done
  })
}
