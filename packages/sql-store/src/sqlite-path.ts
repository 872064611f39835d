/** How a wrong URL is refused. */
type Refusal = (option: string, remedy: string) => Error

const SCHEMES = ['sqlite', 'sqlite3', 'file']

/** The path of an SQLite file; `null` when the URL is one of something else. */
export function sqlitePath(url: unknown, wrong: Refusal): string | null {
  if (typeof url !== 'string' || url.trim() === '') {
    throw wrong('url', "must be text, such as 'sqlite:./app.db' or 'postgres://…'")
  }
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]+):(.*)$/is.exec(url) ?? []
  // A path, with or without the letter of a drive; or SQLite's own name for a database in memory.
  if (scheme === undefined) return url
  if (!SCHEMES.includes(scheme.toLowerCase())) return null
  const path = rest.replace(/^\/\/(?=[/.])/, '')
  if (path === '' || path.startsWith('//')) {
    throw wrong(
      'url',
      "must have a path after the scheme: 'sqlite:./app.db', 'sqlite:/data/app.db'",
    )
  }
  return path
}
