import { strict as assert } from 'node:assert'
import { z } from 'zod'
import { defineStep as step, type Step } from '../report.ts'
import type { Session } from '../session.ts'
import {
  archivesIn,
  noise,
  STATE_WITHIN_MS,
  statusOf,
  until,
  untilBackedUp,
  type Found,
  type Server,
} from '../trial.ts'

const backup = z.object({
  attributes: z.object({
    uuid: z.uuid(),
    is_successful: z.boolean(),
    is_locked: z.boolean(),
    bytes: z.int(),
    checksum: z.string().nullable(),
    completed_at: z.string().nullable(),
  }),
})
const signedUrl = z.object({ attributes: z.object({ url: z.url() }) })

const backupsOf = ({ identifier }: Server) => `/api/client/servers/${identifier}/backups`
const filesOf = ({ identifier }: Server) => `/api/client/servers/${identifier}/files`

const read = async (session: Session, server: Server, uuid: string) =>
  backup.parse(await session.call(`GET ${backupsOf(server)}/${uuid}`)).attributes

async function restore(session: Session, server: Server, uuid: string, truncate: boolean): Promise<void> {
  await session.call(`POST ${backupsOf(server)}/${uuid}/restore`, { truncate })
  await until('the server is restored', STATE_WITHIN_MS, async () => (await statusOf(session, server)) === null)
}

/** A backup from its making to its end, of a server that is off. */
export const backupSteps: Step<Found>[] = [
  step('a backup is made', ['session', 'installedServer'], async ({ session, installedServer: server }, note) => {
    await session.text(`POST ${filesOf(server)}/write?file=%2Fkept.txt`, 'as it was')
    const made = backup.parse(await session.call(`POST ${backupsOf(server)}`, { name: 'Trial', ignored: '*.log' }))
    const { uuid } = made.attributes
    await untilBackedUp(session, server, uuid)
    const { bytes, checksum } = await read(session, server, uuid)
    assert.match(String(checksum), /^sha1:[0-9a-f]{40}$/)
    note(`${bytes} bytes`)
    return { backup: uuid }
  }),

  step(
    'no more than the server may have',
    ['session', 'installedServer', 'backup'],
    async ({ session, installedServer: server }) => {
      const said = await session.call(`POST ${backupsOf(server)}`, { name: 'One more' }).catch(String)
      assert.match(String(said), /answered 400: TooManyBackupsException/)
    },
  ),

  step(
    'it is downloaded, once',
    ['session', 'installedServer', 'backup'],
    async ({ session, installedServer, backup: uuid }) => {
      const reply = await session.call(`GET ${backupsOf(installedServer)}/${uuid}/download`)
      const { url } = signedUrl.parse(reply).attributes
      const archive = Buffer.from(await (await fetch(url)).arrayBuffer())
      assert.equal(archive.subarray(0, 2).toString('hex'), '1f8b', 'the archive is gzip')
      assert.equal(archive.length, (await read(session, installedServer, uuid)).bytes)
      assert.equal((await fetch(url)).status, 404, 'the second use of an address')
    },
  ),

  step(
    'it is restored over what is there',
    ['session', 'installedServer', 'backup'],
    async ({ session, installedServer: server, backup: uuid }) => {
      const files = filesOf(server)
      await session.text(`POST ${files}/write?file=%2Fkept.txt`, 'changed')
      await session.text(`POST ${files}/write?file=%2Fnew.txt`, 'made later')
      await restore(session, server, uuid, false)
      assert.equal(await session.text(`GET ${files}/contents?file=%2Fkept.txt`), 'as it was')
      assert.equal(await session.text(`GET ${files}/contents?file=%2Fnew.txt`), 'made later')
    },
  ),

  step(
    'it is restored into an empty server',
    ['session', 'installedServer', 'backup'],
    async ({ session, installedServer: server, backup: uuid }) => {
      await restore(session, server, uuid, true)
      const files = filesOf(server)
      assert.equal(await session.text(`GET ${files}/contents?file=%2Fkept.txt`), 'as it was')
      assert.ok((await session.status(`GET ${files}/contents?file=%2Fnew.txt`)) >= 400, 'what came later is gone')
    },
  ),

  step(
    'a locked one is not deleted, an unlocked one is',
    ['session', 'installedServer', 'backup'],
    async ({ session, installedServer: server, backup: uuid }) => {
      const path = `${backupsOf(server)}/${uuid}`
      assert.equal(backup.parse(await session.call(`POST ${path}/lock`)).attributes.is_locked, true)
      assert.equal(await session.status(`DELETE ${path}`), 400)
      assert.equal(backup.parse(await session.call(`POST ${path}/lock`)).attributes.is_locked, false)
      await session.call(`DELETE ${path}`)
      assert.equal(await session.status(`GET ${path}`), 404)
    },
  ),

  step(
    'one that the daemon cannot finish has failed, and nothing of it stays on the disk',
    ['session', 'installedServer', 'folder', 'daemon'],
    async ({ session, installedServer: server, folder }) => {
      const file = `${filesOf(server)}/write?file=%2Fnoise.bin`
      // Written at a megabyte a second, it takes long enough to be met in the middle.
      await session.text(`POST ${file}`, noise(8 * 1024 * 1024))
      const made = backup.parse(await session.call(`POST ${backupsOf(server)}`, { name: 'Shrinking' }))
      const { uuid } = made.attributes
      await until('its archive is begun', STATE_WITHIN_MS, async () => archivesIn(folder).includes(uuid))
      await session.text(`POST ${file}`, 'cut short')
      await until('it has failed', STATE_WITHIN_MS, async () => {
        const { completed_at: at, is_successful: isSuccessful } = await read(session, server, uuid)
        assert.equal(isSuccessful, false)
        return at !== null
      })
      await until('its archive is gone', STATE_WITHIN_MS, async () => archivesIn(folder).length === 0)
      await session.call(`DELETE ${backupsOf(server)}/${uuid}`)
      await session.call(`POST ${filesOf(server)}/delete`, { root: '/', files: ['noise.bin'] })
    },
  ),
]
