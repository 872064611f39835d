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

const profileFields = `<label>Name <input name="displayName" required></label>
<label>Team <input name="team" required></label>`

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escapeHtml(title)}</title>
<script defer src="/page.js"></script>
<nav>
<a href="/">Members</a>
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
