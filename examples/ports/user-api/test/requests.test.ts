import { describe, expect, it } from 'vitest'
import {
  ADA,
  BEN,
  engines,
  logIn,
  newAdministrator,
  newMember,
  PASSWORD,
  type ServedApi,
  serveApi,
} from './support/api.ts'

const UUID = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
const TOKENS = { access_token: expect.any(String), refresh_token: expect.any(String) }
const NOBODY = '00000000-0000-4000-8000-000000000000'
const EMAIL = 'ada@example.com'
const MINUTE = 60

for (const { name, isMissing, create } of engines) {
  describe.skipIf(isMissing)(`the documented requests on ${name}`, () => {
    const serveAnew = async () => serveApi(await create())

    it('register an account, activate it by the code of a text message, and log in', async () => {
      const { client, outbox } = await serveAnew()
      const registered = await client.post('/user', ADA)
      expect([registered.status, registered.body]).toEqual([
        201,
        {
          data: { mobile: ADA.mobile, status: false, username: 'ada', uuid: UUID },
          message: 'Account created successfully!',
          status: 201,
        },
      ])
      const { uuid } = registered.body.data
      const early = await client.post('/user/login', ADA)
      expect(early).toMatchObject({ status: 403, body: { code: 'account_not_activated' } })

      const { code } = await outbox.next('activate', ADA.mobile)
      const activated = await client.post('/user/activate-account/', { mobile: ADA.mobile, code })
      expect([activated.status, activated.body]).toEqual([
        200,
        {
          data: {
            email: null,
            gender: null,
            mobile: ADA.mobile,
            status: true,
            username: 'ada',
            uuid,
          },
          message: 'Success!',
          status: 200,
        },
      ])
      const { username, password } = ADA
      const { status, body, headers } = await client.post('/user/login', { username, password })
      expect([status, body]).toEqual([200, TOKENS])
      expect(headers.get('cache-control')).toBe('no-store')
    })

    it('send the code again to who posts the mobile alone', async () => {
      const { client, outbox } = await serveAnew()
      await client.post('/user', ADA)
      await outbox.next('activate', ADA.mobile)
      const answer = await client.post('/user/activate-account/', { mobile: ADA.mobile })
      expect([answer.status, answer.body.status]).toEqual([202, 202])
      const { code } = await outbox.next('activate', ADA.mobile)
      const proof = { mobile: '(202) 555-0100', code }
      expect((await client.post('/user/activate-account', proof)).status).toBe(200)
      const again = await client.post('/user/activate-account', proof)
      expect(again).toMatchObject({ status: 400, body: { code: 'invalid_one_time_token' } })
    })

    it('show an account to its owner, and change its gender and its username', async () => {
      const api = await serveAnew()
      const { uuid, access_token } = await newMember(api)
      const path = `/user/${uuid}`
      const before = await api.client.get(path, access_token)
      const shown = { email: null, gender: null, mobile: ADA.mobile, username: 'ada', uuid }
      expect([before.status, before.body]).toEqual([
        200,
        { data: { ...shown, status: true }, message: 'Success!', status: 200 },
      ])

      const everything = { ...shown, gender: 'female' }
      const changed = await api.client.json('PATCH', path, everything, access_token)
      expect(changed.body).toEqual({
        data: { ...shown, gender: 'female', status: true },
        message: 'Success!',
        status: 200,
      })
      const renaming = { username: 'lovelace' }
      const refused = await api.client.json('PATCH', path, renaming, access_token)
      expect(refused).toMatchObject({
        status: 403,
        body: { code: 'wrong_password', errors: [{ pointer: '/old_password', code: 'required' }] },
      })
      const proved = { ...renaming, old_password: PASSWORD, gender: null }
      await api.client.json('PATCH', path, proved, access_token)
      const after = await api.client.get(path, access_token)
      expect(after.body.data).toMatchObject({ username: 'lovelace', gender: null })
    })

    it('change e-mail address and mobile when both are proved', async () => {
      const api = await serveAnew()
      const { client, outbox } = api
      const { uuid, access_token } = await newMember(api)
      const changes = { email: EMAIL, mobile: BEN.mobile, old_password: PASSWORD }
      const asked = await client.json('PATCH', `/user/${uuid}`, changes, access_token)
      expect(asked.body).toMatchObject({
        data: { email: null, mobile: ADA.mobile },
        message: 'Success! Confirm the new email and mobile by the code sent there.',
        status: 200,
      })

      const mailed = await outbox.next('change_email', EMAIL)
      const byMail = await client.post(
        `/user/confirm-email/${uuid}`,
        { code: mailed.code },
        access_token,
      )
      expect(byMail.body).toMatchObject({ data: { email: EMAIL }, message: 'Success!' })
      const sent = await outbox.next('change_phone', BEN.mobile)
      const byText = await client.post(
        `/user/confirm-mobile/${uuid}/`,
        { code: sent.code },
        access_token,
      )
      expect(byText.body.data).toMatchObject({ email: EMAIL, mobile: BEN.mobile })
    })

    it('change the password, which ends every session but the one that it answers', async () => {
      const api = await serveAnew()
      const old = await newMember(api)
      const { uuid, access_token } = old
      const path = `/user/change-password/${uuid}`
      const wrong = { old_password: 'not my password', new_password: 'paper boats afloat' }
      expect(await api.client.post(path, wrong, access_token)).toMatchObject({
        status: 403,
        body: { code: 'wrong_password' },
      })
      const right = { ...wrong, old_password: PASSWORD }
      const { status, body } = await api.client.post(path, right, access_token)
      expect([status, body]).toEqual([200, { message: 'Success!', ...TOKENS }])
      expect((await api.client.get(`/user/${uuid}`, access_token)).status).toBe(401)
      expect((await api.client.get('/user/refresh-token/', old.refresh_token)).status).toBe(401)
      expect((await api.client.get(`/user/${uuid}`, body.access_token)).status).toBe(200)
      const credentials = { username: 'ada', password: right.new_password }
      expect(await logIn(api, credentials)).toEqual(TOKENS)
      expect((await api.client.post('/user/login', ADA)).status).toBe(401)
    })

    it('refresh the access token', async () => {
      const api = await serveAnew()
      const { uuid, refresh_token } = await newMember(api)
      const { status, body, headers } = await api.client.get('/user/refresh-token/', refresh_token)
      expect([status, body]).toEqual([200, TOKENS])
      expect(headers.get('cache-control')).toBe('no-store')
      expect((await api.client.get(`/user/${uuid}`, body.access_token)).status).toBe(200)
    })

    it('log out, and end the session', async () => {
      const api = await serveAnew()
      const { uuid, access_token, refresh_token } = await newMember(api)
      const { status, body } = await api.client.get('/user/logout/', access_token)
      expect([status, body]).toEqual([200, { message: 'User ada successfully logged out.' }])
      expect((await api.client.get(`/user/${uuid}`, access_token)).status).toBe(401)
      expect((await api.client.get('/user/refresh-token/', refresh_token)).status).toBe(401)
      expect((await api.client.get('/user/logout/', access_token)).status).toBe(401)
    })

    it('delete an account', async () => {
      const api = await serveAnew()
      const { uuid, access_token } = await newMember(api)
      const { status, body } = await api.client.delete(`/user/${uuid}`, access_token)
      expect([status, body]).toEqual([200, { message: 'User deleted.', status: 200 }])
      expect((await api.client.get(`/user/${uuid}`, access_token)).status).toBe(401)
      expect((await api.client.post('/user/login', ADA)).status).toBe(401)
      expect((await api.client.post('/user', ADA)).status).toBe(201)
    })

    it('list, show, change and delete accounts for an administrator', async () => {
      const api = await serveAnew()
      const { client } = api
      const ada = await newMember(api)
      const { uuid, access_token } = await newAdministrator(api)
      const list = await client.get('/user', access_token)
      expect(list.body).toMatchObject({ cursor: null, message: 'Success!', status: 200 })
      const uuids = list.body.data.map((one: { uuid: string }) => one.uuid)
      expect(uuids.toSorted()).toEqual([ada.uuid, uuid].toSorted())

      const path = `/user/${ada.uuid}`
      expect((await client.get(path, access_token)).body.data).toMatchObject({ username: 'ada' })
      const changes = { username: 'lovelace', email: EMAIL, gender: 'f' }
      const changed = await client.json('PATCH', path, changes, access_token)
      expect(changed.body).toMatchObject({ data: changes, message: 'Success!', status: 200 })
      expect((await client.delete(path, access_token)).status).toBe(200)
      expect((await client.get(path, access_token)).status).toBe(404)
      const last = await client.delete(`/user/${uuid}`, access_token)
      expect(last).toMatchObject({ status: 409, body: { code: 'last_administrator' } })
    })

    it('tell that a username is taken, and nothing of whose mobile it is', async () => {
      const api = await serveAnew()
      await newMember(api)
      const sameName = await api.client.post('/user', { ...BEN, username: 'Ada' })
      expect(sameName).toMatchObject({
        status: 409,
        body: { code: 'username_taken', errors: [{ pointer: '/username', code: 'taken' }] },
      })
      const sameMobile = await api.client.post('/user', { ...BEN, mobile: ADA.mobile })
      const free = await api.client.post('/user', { ...BEN, username: 'carol' })
      expect(maskUuid(sameMobile.body, 'ben', ADA.mobile)).toEqual(
        maskUuid(free.body, 'carol', BEN.mobile),
      )
      expect(sameMobile.status).toBe(free.status)
    })
  })
}

/** What is left of an answer without what the client itself has said. */
function maskUuid(body: { data: { uuid: string } }, username: string, mobile: string) {
  expect(body.data).toMatchObject({ uuid: UUID, username, mobile })
  return { ...body, data: { ...body.data, uuid: '', username: '', mobile: '' } }
}

describe('the uuid that a registration answers', () => {
  it('is nobody’s where the mobile has an owner, and never that of the owner', async () => {
    const api = await serveApi()
    const owner = await newMember(api)
    const { uuid } = (await api.client.post('/user', { ...BEN, mobile: ADA.mobile })).body.data
    expect(uuid).not.toBe(owner.uuid)
    const [strange, missing] = await Promise.all(
      [uuid, NOBODY].map((id) => api.client.get(`/user/${id}`, owner.access_token)),
    )
    expect([strange?.status, strange?.text]).toEqual([missing?.status, missing?.text])
  })

  it('is that of the very name, among others that begin like it', async () => {
    const api = await serveApi()
    const mobileOf = (n: number) => `+1202555010${n}`
    for (const [n, username] of ['ada-2', 'ada.b', 'ada', 'ada_1', 'Lovelace'].entries()) {
      const { uuid } = await newMember(api, { ...ADA, username, mobile: mobileOf(n) })
      const { users } = await api.auth.listUsers('system', { search: mobileOf(n) })
      expect(users).toEqual([expect.objectContaining({ id: uuid, username })])
    }
  })

  it('is never that of an account whose e-mail address begins like the name', async () => {
    const api = await serveApi()
    const owner = await newMember(api, { ...BEN, username: 'aaron' })
    await api.auth.updateUser('system', owner.uuid, { email: EMAIL })
    for (const user of [ADA, { ...ADA, username: 'ada.lovelace' }]) {
      const { uuid } = (await api.client.post('/user', user)).body.data
      expect(uuid).not.toBe(owner.uuid)
      const { users } = await api.auth.listUsers('system', { search: user.username })
      expect(users).toContainEqual(
        expect.objectContaining({ id: uuid, username: user.username, status: 'pending' }),
      )
    }
  })

  it('is another one for each registration of a mobile that waits', async () => {
    const api = await serveApi()
    const names = ['ada', 'countess', 'lovelace']
    const uuids = []
    for (const username of names) {
      const { body } = await api.client.post('/user', { ...ADA, username })
      uuids.push(body.data.uuid)
    }
    expect(new Set(uuids).size).toBe(3)
  })

  it('is told anew by the activation, where somebody else had registered the mobile first', async () => {
    const api = await serveApi()
    const { client, outbox } = api
    await client.post('/user', { ...ADA, username: 'mallory', password: 'of somebody else' })
    await client.post('/user', ADA)
    const { link = '' } = await outbox.next('activate_again', ADA.mobile)
    const token = link.split('#token=')[1]
    const { data } = (await client.post('/user/activate-account/', { token })).body
    const { access_token } = await logIn(api, ADA)
    expect((await client.get(`/user/${data.uuid}`, access_token)).body.data.username).toBe('ada')
  })
})

describe('a client that keeps its first refresh token', () => {
  const refresh = (api: ServedApi, token: string) => api.client.get('/user/refresh-token/', token)

  it('has two hours, then logs in again, and its owner is told', async () => {
    const api = await serveApi()
    const { uuid, access_token, refresh_token } = await newMember(api)
    api.clock.advance(59 * MINUTE)
    expect((await api.client.get(`/user/${uuid}`, access_token)).status).toBe(200)
    const { body } = await refresh(api, refresh_token)
    api.clock.advance(59 * MINUTE)
    expect((await api.client.get(`/user/${uuid}`, body.access_token)).status).toBe(200)

    expect((await refresh(api, refresh_token)).body.code).toBe('invalid_token')
    expect((await refresh(api, body.refresh_token)).status).toBe(401)
    expect((await api.client.get(`/user/${uuid}`, body.access_token)).status).toBe(401)
    await api.outbox.next('refresh_reuse', ADA.mobile)
    expect(await logIn(api, ADA)).toEqual(TOKENS)
  })

  it('may ask several times at once, and again as long as it has not used what it got', async () => {
    const api = await serveApi()
    const { uuid, refresh_token } = await newMember(api)
    const answers = await Promise.all([1, 2, 3].map(() => refresh(api, refresh_token)))
    for (const { body } of answers) expect(body).toEqual(TOKENS)
    api.clock.advance(24 * 60 * MINUTE)
    const { body } = await refresh(api, refresh_token)
    expect((await api.client.get(`/user/${uuid}`, body.access_token)).status).toBe(200)
  })
})

it('keeps a client that takes the newer refresh token logged in', async () => {
  const api = await serveApi()
  let { uuid, refresh_token } = await newMember(api)
  for (let day = 1; day < 30; day += 1) {
    api.clock.advance(24 * 60 * MINUTE)
    const { body } = await api.client.get('/user/refresh-token/', refresh_token)
    expect((await api.client.get(`/user/${uuid}`, body.access_token)).status).toBe(200)
    refresh_token = body.refresh_token
  }
})

describe('an account of somebody else', () => {
  it('is neither listed, shown, changed nor deleted, whether or not there is one', async () => {
    const api = await serveApi()
    const ada = await newMember(api)
    const ben = await newMember(api, BEN)
    expect((await api.client.get('/user', ada.access_token)).status).toBe(403)
    const seen = new Set<string>()
    for (const uuid of [ben.uuid, NOBODY, 'nobody']) {
      for (const [method, path, body] of requestsOn(uuid)) {
        const answer = await api.client.json(method, path, body, ada.access_token)
        seen.add(`${answer.status} ${answer.body.code}`)
      }
    }
    expect([...seen]).toEqual(['403 forbidden'])
    expect(await logIn(api, BEN)).toEqual(TOKENS)
  })

  it('keeps its password and its proofs to itself, also from administrators', async () => {
    const api = await serveApi()
    const ada = await newMember(api)
    const { access_token } = await newAdministrator(api)
    for (const path of ['change-password', 'confirm-email', 'confirm-mobile']) {
      const body = { old_password: PASSWORD, new_password: 'paper boats afloat', code: '123456' }
      const { status } = await api.client.post(`/user/${path}/${ada.uuid}`, body, access_token)
      expect(status).toBe(403)
    }
  })
})

function requestsOn(uuid: string) {
  return [
    ['PATCH', `/user/${uuid}`, { gender: 'x' }],
    ['DELETE', `/user/${uuid}`, ''],
    [
      'POST',
      `/user/change-password/${uuid}`,
      { old_password: PASSWORD, new_password: 'paper boats afloat' },
    ],
    ['POST', `/user/confirm-email/${uuid}`, { code: '123456' }],
    ['POST', `/user/confirm-mobile/${uuid}`, { code: '123456' }],
  ] as const
}

it('deletes nothing for who has logged in more than a quarter of an hour ago', async () => {
  const api = await serveApi()
  const { uuid, access_token } = await newMember(api)
  api.clock.advance(16 * MINUTE)
  const refused = await api.client.delete(`/user/${uuid}`, access_token)
  expect(refused).toMatchObject({ status: 403, body: { code: 'reauth_required' } })
  const fresh = await logIn(api, ADA)
  expect((await api.client.delete(`/user/${uuid}`, fresh.access_token)).status).toBe(200)
})

it('changes nothing when one of several changes is refused', async () => {
  const api = await serveApi()
  await newMember(api, BEN)
  const { uuid, access_token } = await newMember(api)
  const before = (await api.client.get(`/user/${uuid}`, access_token)).body
  const wishes = { gender: 'x', email: EMAIL, old_password: PASSWORD }
  for (const [wrong, status] of [
    [{ username: 'ben' }, 409],
    [{ mobile: '123' }, 422],
    [{ email: 'nowhere' }, 422],
    [{ gender: 'x'.repeat(11) }, 422],
    [{ old_password: 'not my password' }, 403],
  ] as const) {
    const changes = { ...wishes, ...wrong }
    const answer = await api.client.json('PATCH', `/user/${uuid}`, changes, access_token)
    expect(answer.status).toBe(status)
    expect((await api.client.get(`/user/${uuid}`, access_token)).body).toEqual(before)
  }
})

it('deletes nothing for whose session has ended, and tells the audit log who did it', async () => {
  const api = await serveApi()
  const { uuid, access_token } = await newMember(api)
  const { events } = await api.auth.listEvents('system', { type: 'user.deleted' })
  expect(events).toEqual([])
  expect((await api.client.delete(`/user/${uuid}`, access_token)).status).toBe(200)
  const deleted = (await api.auth.listEvents('system', { type: 'user.deleted' })).events
  expect(deleted).toMatchObject([{ userId: uuid, data: { reason: 'by_owner' } }])
  expect((await api.client.delete(`/user/${uuid}`, access_token)).status).toBe(401)
})

it('changes addresses of others only for who has logged in within a quarter of an hour', async () => {
  const api = await serveApi()
  const { uuid } = await newMember(api)
  const { access_token } = await newAdministrator(api)
  api.clock.advance(16 * MINUTE)
  const patch = (body: object) => api.client.json('PATCH', `/user/${uuid}`, body, access_token)
  for (const body of [{ email: EMAIL }, { mobile: BEN.mobile }]) {
    expect(await patch(body)).toMatchObject({ status: 403, body: { code: 'reauth_required' } })
  }
  expect((await patch({ gender: 'x', username: 'lovelace' })).status).toBe(200)
})

it('changes nothing by null, but for the gender', async () => {
  const api = await serveApi()
  const ada = await newMember(api)
  const path = `/user/${ada.uuid}`
  for (const { access_token } of [ada, await newAdministrator(api)]) {
    const { data } = (await api.client.get(path, access_token)).body
    const body = { username: null, email: null, mobile: null, gender: null }
    const changed = await api.client.json('PATCH', path, body, access_token)
    expect(changed).toMatchObject({ status: 200, body: { data } })
  }
})

it('lists accounts page by page', async () => {
  const api = await serveApi()
  const { access_token } = await newAdministrator(api)
  for (let n = 0; n < 200; n += 1) {
    const phone = `+1202555${String(1000 + n)}`
    await api.auth.createUser({ username: `user-${n}`, phone, password: PASSWORD })
  }
  const first = (await api.client.get('/user', access_token)).body
  const rest = (await api.client.get(`/user?cursor=${first.cursor}`, access_token)).body
  expect([first.data.length, rest.data.length, rest.cursor]).toEqual([200, 1, null])
  const wrong = await api.client.get('/user?cursor=x&cursor=y', access_token)
  expect(wrong).toMatchObject({ status: 422, body: { code: 'invalid_input' } })
})

it('takes each path with a slash at its end and without', async () => {
  const api = await serveApi()
  const { uuid } = await newMember(api)
  const paths = ['/user', '/user/logout', '/user/refresh-token', `/user/${uuid}`]
  for (const path of paths) {
    for (const spelling of [path, `${path}/`]) {
      expect((await api.client.get(spelling)).body.code).toBe('unauthenticated')
    }
  }
  for (const path of ['/user', '/user/login', '/user/activate-account']) {
    for (const spelling of [path, `${path}/`]) {
      expect((await api.client.post(spelling, {})).body.code).toBe('invalid_input')
    }
  }
})

it('has the requests that the API never had below /auth', async () => {
  const api = await serveApi()
  const { client, outbox } = api
  await newMember(api)
  await client.post('/auth/password/forgot', { identifier: 'ada' })
  const { code } = await outbox.next('reset_password', ADA.mobile)
  const input = { identifier: ADA.mobile, code, newPassword: 'paper boats afloat' }
  expect((await client.post('/auth/password/reset', input)).status).toBe(204)
  expect(await logIn(api, { username: 'ada', password: 'paper boats afloat' })).toEqual(TOKENS)
})
