import { describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  ADMIN,
  addMember,
  bearerOfNew,
  change,
  logIn,
  type ServedApp,
  serveAfter,
  serveBefore,
} from './support/apps.ts'

const ADA = 'ada@example.com'

/** An app with the member Ada, and the credentials that its routes want by now. */
interface Stage extends ServedApp {
  readonly ada: string
  readonly bearerOfAdmin?: string
  readonly bearerOfAda?: string
}

async function stageBefore(): Promise<Stage> {
  const app = await serveBefore()
  return { ...app, ada: addMember(app, ADA, 'Ada & Co') }
}

async function stageAfter(): Promise<Stage> {
  const app = await serveAfter()
  return {
    ...app,
    ada: addMember(app, ADA, 'Ada & Co'),
    bearerOfAdmin: (await logIn(app, ADMIN)).accessToken,
    bearerOfAda: await bearerOfNew(app, ADA),
  }
}

describe.each([
  { when: 'before', stage: stageBefore },
  { when: 'after', stage: stageAfter },
])('$when, the routes that were there', ({ stage }) => {
  it('show everybody on a page', async () => {
    const { client, ada } = await stage()
    const { status, headers, text } = await client.get('/')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(headers.get('content-security-policy')).toBe("default-src 'self'")
    expect(mainOf(text)).toMatchInlineSnapshot(`
      "<main>
      <h1>Members</h1>
      <ul>
      <li><a href="/members/1">Ada &#38; Co</a>, Chess</li>
      </ul>
      <form data-method="POST" data-action="/members">
      <label>E-mail <input name="email" type="email" required></label>
      <label>Name <input name="displayName" required></label>
      <label>Team <input name="team" required></label>
      <button>Add</button> <output></output>
      </form>
      "
    `)
    expect(text).toContain(`<a href="${ada}">`)
  })

  it('show a profile, in which no name becomes a tag', async () => {
    const { client, ada, database } = await stage()
    database.exec(`update members set display_name = '<script>alert(1)</script>'`)
    const { text } = await client.get(ada)
    expect(mainOf(text)).toMatchInlineSnapshot(`
      "<main>
      <h1>&#60;script&#62;alert(1)&#60;/script&#62;</h1>
      <p>Team: Chess</p>
      <form data-method="PATCH" data-action="/members/1">
      <label>Name <input name="displayName" required></label>
      <label>Team <input name="team" required></label>
      <button>Change</button> <output></output>
      </form>
      "
    `)
    expect(text).not.toContain('<script>')
  })

  it('add a member', async () => {
    const app = await stage()
    const body = { email: 'ben@example.com', displayName: ' Ben ', team: 'Rowing' }
    const added = await app.client.post('/members', body, app.bearerOfAdmin)
    expect(added).toMatchObject({ status: 201 })
    expect(added.body).toEqual({ id: 2, ...body, displayName: 'Ben' })
    expect((await app.client.get('/')).text).toContain('Ben</a>, Rowing')
  })

  it('add an address once, however it is spelled, and however many do it at once', async () => {
    const { client, bearerOfAdmin } = await stage()
    const add = (email: string) =>
      client.post('/members', { email, displayName: 'Ben', team: 'Rowing' }, bearerOfAdmin)
    const answers = await Promise.all(['ben@example.com', 'Ben@Example.com'].map(add))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409])
    const refused = answers.find(({ status }) => status === 409)
    expect(refused?.body).toEqual({ error: 'This address is in the directory already.' })
  })

  it('change a profile', async () => {
    const app = await stage()
    const body = { displayName: 'Ada', team: 'Rowing' }
    const changed = await change(app, app.ada, body, app.bearerOfAda)
    expect(changed).toMatchObject({ status: 200, body: { id: 1, email: ADA, ...body } })
    expect((await app.client.get(app.ada)).text).toContain('Team: Rowing')
  })

  it.each([
    ['no members', {}],
    ['a number', { displayName: 7, team: 'Chess' }],
    ['two lines', { displayName: 'Ada\nBen', team: 'Chess' }],
    ['a list', []],
    ['nothing', ''],
  ])('refuse %s for a profile', async (_name, body) => {
    const app = await stage()
    const { status, body: answer } = await change(app, app.ada, body, app.bearerOfAda)
    expect(status).toBe(400)
    expect(answer).toEqual({ error: 'Give "displayName" as one line of at most 100 characters.' })
  })

  it('refuse malformed JSON, on any path, and repeat none of it', async () => {
    const { client, bearerOfAdmin } = await stage()
    const { status, body } = await client.post('/members', '{"email": ', bearerOfAdmin)
    expect({ status, body }).toEqual({ status: 400, body: { error: 'The request is malformed.' } })
  })

  it.each([
    ['/members/2', 'There is no such member.'],
    ['/members/ada', 'There is no such member.'],
    ['/nowhere', 'There is no such page.'],
    ['/members/%E0%A4%A', 'The request is malformed.'],
  ])('answer %s in words', async (path, error) => {
    const { client } = await stage()
    expect((await client.get(path)).body).toEqual({ error })
  })

  it('hide what breaks, and tell the operator', async () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => {})
    onTestFinished(() => told.mockRestore())
    const { client, database } = await stage()
    database.exec('alter table members rename to gone')
    const { status, body } = await client.get('/')
    expect({ status, body }).toEqual({ status: 500, body: { error: 'Something went wrong.' } })
    expect(String(told.mock.calls[0])).toContain('no such table')
  })

  it('are compressed and logged', async () => {
    const app = await stage()
    for (let n = 0; n < 50; n += 1) addMember(app, `${n}@example.com`, `Member ${n}`)
    const { headers } = await app.client.get('/')
    expect(headers.get('content-encoding')).toBe('gzip')
    await expect.poll(() => app.log.at(-1)).toMatch(/^GET \/ 200 /)
  })
})

/** What is between the navigation and the end. */
function mainOf(page: string): string {
  return page.slice(page.indexOf('<main>'), page.indexOf('</main>'))
}
