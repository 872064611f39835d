import { escapeHtml, type Message } from '@latchkey/core'
import type { Outbox } from '@latchkey/core/testing'

/** The messages that a real application would have sent, newest first, for programs. */
export function shownMessages(outbox: Outbox): object {
  return { messages: outbox.messages.toReversed().map(shownMessage) }
}

function shownMessage({ kind, to, subject, link, code }: Message): object {
  return { kind, to, subject, link, code }
}

/** The same messages as a page for browsers. */
export function outboxPage(outbox: Outbox): string {
  const messages = outbox.messages.toReversed()
  const content = messages.length === 0 ? '<p>Nothing yet.</p>' : messages.map(article).join('\n')
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Outbox</title>
<link rel="stylesheet" href="/style.css">
<main>
<h1>Outbox</h1>
<p>Messages that would have been sent, newest first. <a href="/outbox">Look again</a>, or go <a href="/">home</a>.</p>
${content}
</main>
</html>
`
}

/** `html` is ready to be shown: Latchkey writes every word of it, and nothing in it comes from a user. */
function article({ to, subject, html }: Message): string {
  return `<article>
<h2>${escapeHtml(subject)}</h2>
<p>To: ${escapeHtml(to)}</p>
${html}
</article>`
}
