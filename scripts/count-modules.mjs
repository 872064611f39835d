// node --import ./scripts/count-modules.mjs ...
//
// Prints at the end how many files were loaded as modules. Synchronous hooks see what `import` and what `require` load,
// in this thread; a file that is loaded both ways counts once. Left out are the modules of Node.js itself, this one,
// and native addons, which no hook sees.
import { registerHooks } from 'node:module'

const files = new Set()

registerHooks({
  load(url, context, nextLoad) {
    if (url.startsWith('file:')) files.add(url)
    return nextLoad(url, context)
  },
})

process.once('exit', () => console.log(files.size))
