import { readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import type { Middleware } from 'koa'

/** Serves the files of a folder, read once. Only their own names are paths: there is no way to any other file. */
export function pages(folder: string): Middleware {
  const files = new Map(readdirSync(folder).map((name) => [pathOf(name), read(folder, name)]))
  return async (ctx, next) => {
    const file = ctx.method === 'GET' || ctx.method === 'HEAD' ? files.get(ctx.path) : undefined
    if (file === undefined) return next()
    ctx.type = file.type
    ctx.body = file.content
  }
}

/** `/` for `index.html`, `/activate` for `activate.html`, `/style.css` for itself. */
function pathOf(name: string): string {
  return `/${name.replace(/(?:^index)?\.html$/, '')}`
}

function read(folder: string, name: string) {
  return { type: extname(name), content: readFileSync(`${folder}/${name}`) }
}
