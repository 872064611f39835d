import { escapeHtml } from '@latchkey/core'

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<h1>${escapeHtml(title)}</h1>
${body}
<p role="status"></p>
<script type="module" src="/public/page.js"></script>
`
}

/** For strangers. */
export function loginPage(): string {
  return page(
    'Log in',
    `<form action="/auth/login">
  <label>E-mail <input name="identifier" type="email" autocomplete="username" required></label>
  <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
  <button>Log in</button>
</form>`,
  )
}

/** For who is logged in. */
export function homePage(email: string, notes: readonly string[]): string {
  const items = notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')
  return page(
    `Notes of ${email}`,
    `<ul>${items}</ul>
<form action="/notes">
  <label>Note <input name="text" required></label>
  <button>Add</button>
</form>
<form action="/auth/logout"><button>Log out</button></form>`,
  )
}
