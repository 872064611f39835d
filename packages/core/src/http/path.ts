import type { Route } from './route.ts'

/** A route, and what stands for `:id` in the path; `''` where it has none. */
export interface Match {
  readonly route: Route
  readonly id: string
}

interface Pattern {
  readonly route: Route
  readonly before: string
  readonly behind: string
}

/** Routes by path. */
interface PathIndex {
  readonly exact: ReadonlyMap<string, readonly Match[]>
  readonly patterns: readonly Pattern[]
}

const indexes = new WeakMap<readonly Route[], PathIndex>()

/**
 * The routes at a path, one for each method. Exact paths only: no other spelling of a path reaches a route, and so none
 * passes by a limit (S032). An exact path goes before one with `:id`.
 */
export function matchPath(routes: readonly Route[], path: string): readonly Match[] {
  const index = indexes.get(routes) ?? indexOf(routes)
  indexes.set(routes, index)
  return index.exact.get(path) ?? index.patterns.flatMap((pattern) => match(pattern, path))
}

function match({ route, before, behind }: Pattern, path: string): Match[] {
  const fits =
    path.startsWith(before) && path.endsWith(behind) && path.length > before.length + behind.length
  const id = fits ? path.slice(before.length, path.length - behind.length) : ''
  return /^[A-Za-z0-9-]{1,64}$/.test(id) ? [{ route, id }] : []
}

function indexOf(routes: readonly Route[]): PathIndex {
  const exact = Map.groupBy(
    routes.filter(({ path }) => !path.includes(':id')).map((route) => ({ route, id: '' })),
    ({ route }) => route.path,
  )
  const patterns = routes.flatMap((route) => {
    const [before = '', behind] = route.path.split(':id')
    return behind === undefined ? [] : [{ route, before, behind }]
  })
  return { exact, patterns }
}
