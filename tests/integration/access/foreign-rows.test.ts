import { beforeAll, describe, expect, it } from 'vitest'
import { SYSTEM } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { recordActivity } from '#server/services/activity/record-activity'
import { request, signedInAs, withKey, type Caller } from '../../support/api'
import {
  makeAllocation,
  makeApiKey,
  makeBackup,
  makeMount,
  makePasskey,
  makePermissionPreset,
  makeServer,
  makeSshKey,
  makeSubuser,
  makeUser,
} from '../../support/factories'
import { routeFiles, signatureOf } from '../../support/routes'
import { changeSettings } from '../../support/settings'

/** Stands in everything of the other person, and in no question. */
const THEIRS = /theirs|fa4fa4fa/
const INCLUDES = 'egg,subusers,user,users,owner,node,allocations,variables,limits,actor,server,servers'

const lists = Object.keys(routeFiles)
  .map(signatureOf)
  .filter(({ method, path }) => method === 'GET' && path.startsWith('/api/client'))
  // What is asked for by its name, comes from the node, or never ends.
  .filter(({ path }) => !/:(?!server\b)|\/(events|files|websocket|resources|install-log)\b/.test(path))
  .map(({ path }) => path)

let mine: Caller[]
let theirs: Caller
let questions: string[]
let pathOf: (pattern: string) => string

beforeAll(async () => {
  await changeSettings({ 'limits.clientPerMinute': 100_000 })
  const user = await makeUser()
  const other = await makeUser({ username: 'theirs', email: 'theirs@example.test', nameFirst: 'Theirs' })
  const own = await makeServer({ ownerId: user.id })
  const foreign = await makeServer({
    ownerId: other.id,
    nodeId: own.nodeId,
    name: 'theirs',
    description: 'theirs',
    externalId: 'theirs',
    uuid: 'fa4fa4fa-0000-4000-8000-000000000001',
    identifier: 'fa4fa4fa',
  })
  await makeSubuser(foreign.id, { userId: (await makeUser({ username: 'theirs-too' })).id })
  await makeAllocation(own.nodeId, { serverId: foreign.id, ipAlias: 'theirs', notes: 'theirs' })
  await makeBackup(foreign.id, { name: 'theirs' })
  await makeMount({ name: 'theirs' })
  await makeApiKey(other.id, { memo: 'theirs' })
  await makeSshKey(other.id, { name: 'theirs' })
  await makePasskey(other.id, { name: 'theirs' })
  await makePermissionPreset(['file.read'], { userId: other.id, name: 'theirs' })
  await recordActivity(useDrizzle(), {
    actor: SYSTEM,
    event: 'admin:user.link',
    target: { type: 'user', id: other.id },
    properties: { username: 'theirs' },
  })

  mine = [await signedInAs(user), withKey((await makeApiKey(user.id)).token)]
  pathOf = (pattern) => pattern.replace(':server', own.uuid)
  theirs = await signedInAs(other)
  const types = ['admin', 'admin-all', 'all', 'owner', 'shared', 'others', '', 'nonsense']
  const filters = ['*', 'name', 'uuid', 'uuidShort', 'external_id', 'owner', 'owner_id', 'user', 'user_id', 'event']
  const values = ['', 'their', 'fa4f', other.id, other.uuid, '%25', "' or true --"].map(encodeURIComponent)
  questions = [
    ...types.map((type) => `type=${type}`),
    'type[]=admin-all',
    ...filters.flatMap((filter) => values.map((value) => `filter[${filter}]=${value}`)),
    ...['user', 'user_id', 'owner', 'uuid', 'id', 'server'].map((name) => `${name}=${other.id}`),
  ].map((question) => `?${question}&include=${INCLUDES}&per_page=100`)
})

describe('sec-12: whatever a list is asked with, it holds nothing of somebody else', () => {
  it.each(lists)('%s', async (pattern) => {
    for (const as of mine)
      for (const question of questions) {
        const { status, body } = await request(`GET ${pathOf(pattern)}${question}`, { as })
        // What is counted tells that it exists.
        const { total, count } = body?.meta?.pagination ?? {}
        expect({
          question,
          isAnswered: status !== 429 && status < 500,
          found: THEIRS.exec(JSON.stringify(body ?? ''))?.[0],
          total,
        }).toEqual({ question, isAnswered: true, total: count })
      }
  })

  it('which its owner is shown', async () => {
    for (const list of ['/api/client', '/api/client/account/api-keys', '/api/client/account/ssh-keys'])
      expect(JSON.stringify((await request(`GET ${list}`, { as: theirs })).body)).toMatch(THEIRS)
  })
})
