import type { Member } from '../members.ts'

/** Everybody, with a form for one more. */
export function listPage(members: readonly Member[]): string {
  return page(
    'Members',
    `<ul>
${members.map(({ id, displayName, team }) => `<li><a href="/members/${id}">${escapeHtml(displayName)}</a>, ${escapeHtml(team)}</li>`).join('\n')}
</ul>
<form data-method="POST" data-action="/members">
<label>E-mail <input name="email" type="email" required></label>
${profileFields}
<button>Add</button> <output></output>
</form>`,
  )
}

/** One member, with a form to change the profile. */
export function profilePage({ id, displayName, team }: Member): string {
  return page(
    displayName,
    `<p>Team: ${escapeHtml(team)}</p>
<form data-method="PATCH" data-action="/members/${id}">
${profileFields}
<button>Change</button> <output></output>
</form>`,
  )
}

/** A part of a page: a script fetches it, since a link cannot say who follows it. */
export function adminPart(members: readonly Member[]): string {
  return `<ul>${members.map(({ email }) => `<li>${escapeHtml(email)}</li>`).join('')}</ul>`
}

const profileFields = `<label>Name <input name="displayName" required></label>
<label>Team <input name="team" required></label>`

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escapeHtml(title)}</title>
<script defer src="/page.js"></script>
<nav>
<a href="/">Members</a> <a href="/account.html">Account</a> <a href="/admin">Addresses</a>
<form data-method="POST" data-action="/auth/login">
<label>E-mail <input name="identifier" type="email" autocomplete="username" required></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Log in</button> <output></output>
</form>
</nav>
<main>
<h1>${escapeHtml(title)}</h1>
${content}
</main>
</html>`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
