import { rule, section } from './rule.ts'

const lifecycle = section('the store', [
  rule('answers that it is ready', (store) => store.ready()),

  rule('may be closed twice', async (store) => {
    await store.ready()
    await store.close()
    await store.close()
  }),

  rule('may be closed twice at once, and without having been used', async (store) => {
    await Promise.all([store.close(), store.close()])
  }),
])

export const lifecycleSections = [lifecycle]
