import { expect, it } from 'vitest'
import { runningBackup } from '#shared/contracts/client/backups'
import { request, signedInAs } from '../../support/api'
import { makeBackup, makeServer, makeSubuser, makeUser } from '../../support/factories'

it('tells of backups under way at one’s own servers and at shared ones whose backups one may see', async () => {
  const [owner, helper, watcher, stranger] = await Promise.all([makeUser(), makeUser(), makeUser(), makeUser()])
  const root = await makeUser({ role: 'admin', rootAdmin: true })
  const server = await makeServer({ ownerId: owner.id, name: 'Survival' })
  await makeSubuser(server.id, { userId: helper.id, permissions: ['backup.read'] })
  await makeSubuser(server.id, { userId: watcher.id, permissions: ['file.read'] })
  const running = await makeBackup(server.id, { completedAt: null, name: 'Nightly' })
  await makeBackup(server.id)
  await makeBackup(server.id, { completedAt: null, deletedAt: new Date().toISOString() })

  const { status, body } = await request('GET /api/client/backups', { as: await signedInAs(owner) })
  expect(status).toBe(200)
  expect(runningBackup.parse(body.data[0])).toEqual(body.data[0])
  const told = {
    uuid: running.uuid,
    name: 'Nightly',
    server: { identifier: server.identifier, name: 'Survival' },
  }
  expect(body.data).toMatchObject([{ object: 'running_backup', attributes: told }])

  const seen = await Promise.all(
    [helper, watcher, stranger, root].map(
      async (one) => (await request('GET /api/client/backups', { as: await signedInAs(one) })).body.data.length,
    ),
  )
  expect(seen).toEqual([1, 0, 0, 0])
})
