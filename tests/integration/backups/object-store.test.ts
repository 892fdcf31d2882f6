import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { eq, sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, serverBackups, servers, type BackupRow } from '#server/database/schema'
import { discardObject } from '#server/services/backups/discard-object'
import { presignDownload, presignRestore } from '#server/services/backups/object'
import { tidyUploads } from '#server/services/backups/tidy-uploads'
import { wings } from '#server/wings/client'
import { PART_SIZE_MIN } from '#shared/upload-parts'
import { request } from '../../support/api'
import { eventually } from '../../support/panel-with-node'
import { ended, panelWithStore, rowOf, runWaiting, type PanelWithStore } from './with-store'

let panel: PanelWithStore
beforeAll(async () => {
  panel = await panelWithStore()
})
afterEach(() => panel.store.break(undefined))
afterAll(() => panel[Symbol.asyncDispose]())

const ask = (backup: BackupRow, query = 'size=12000000') =>
  request(`GET /api/remote/backups/${backup.uuid}?${query}`, { as: panel.asNode })

const report = (backup: BackupRow, body: object) =>
  request(`POST /api/remote/backups/${backup.uuid}`, { as: panel.asNode, body })

const eventsOf = (backup: BackupRow) =>
  useDrizzle()
    .select({ action: auditEvents.action })
    .from(auditEvents)
    .where(sql`exists (select from audit_subjects s where s.event_id = ${auditEvents.id} and s.id = ${backup.id})`)

/** Sends the parts as a node would, and says what it would report. */
async function upload(backup: BackupRow, bytes: Buffer) {
  const { body } = await ask(backup, `size=${bytes.length}`)
  const { parts: places, part_size: size } = body as { parts: string[]; part_size: number }
  const parts = []
  for (const [index, place] of places.entries()) {
    const headers = { 'content-type': 'application/x-gzip' }
    const part = new Uint8Array(bytes.subarray(index * size, (index + 1) * size))
    const reply = await fetch(place, { method: 'PUT', headers, body: part })
    expect(reply.status).toBe(200)
    parts.push({ etag: reply.headers.get('etag') ?? '', part_number: index + 1 })
  }
  const checksum = createHash('sha1').update(bytes).digest('hex')
  return { checksum, checksum_type: 'sha1', size: bytes.length, successful: true, parts }
}

const isComplete = ({ method, query }: { method: string; query: Record<string, string> }) =>
  method === 'POST' && query.uploadId !== undefined

describe.each(['pterodactyl', 'pelican'] as const)('a backup in an object store, on %s', (flavour) => {
  it('goes there in parts, comes back, is restored, and is removed', async () => {
    await using on = await panelWithStore(flavour)
    const backup = await on.make()
    const row = await ended(backup)
    const object = on.store.objects.get(on.keyOf(backup))
    expect(row).toMatchObject({ isSuccessful: true, isLocked: true, bytes: object?.bytes.length, failure: null })
    expect(object).toMatchObject({ type: 'application/x-gzip', storageClass: 'STANDARD_IA' })

    const parts = on.store.seen.filter(({ query }) => query.partNumber)
    expect(parts.map(({ query, status }) => [query.partNumber, status])).toEqual([
      ['1', 200],
      ['2', 200],
      ['3', 200],
    ])
    expect(on.store.uploads.size).toBe(0)
    expect(await runWaiting('backups.complete-upload')).toBe(1) // finds it done
    expect(await rowOf(backup)).toEqual(row)
    const folder = join(on.wings.dataDir, 'backups', flavour === 'pelican' ? on.server.uuid : '')
    await eventually(
      async () => existsSync(join(folder, `${backup.uuid}.tar.gz`)),
      (is) => !is,
    )

    const fetched = await fetch(await presignDownload(row))
    expect(fetched.status).toBe(200)
    const bytes = Buffer.from(await fetched.arrayBuffer())
    expect(`sha1:${createHash('sha1').update(bytes).digest('hex')}`).toBe(row.checksum)

    await useDrizzle().update(servers).set({ status: 'restoring_backup' }).where(eq(servers.id, on.server.id))
    await rm(join(on.root, 'world.bin'))
    const downloadUrl = await presignRestore(row)
    await wings(on.node).backups.restore(on.server.uuid, row.uuid, {
      adapter: 's3',
      truncateDirectory: true,
      downloadUrl,
    })
    await eventually(
      async () => (await useDrizzle().select().from(servers).where(eq(servers.id, on.server.id)))[0]?.status,
      (status) => status === null,
    )
    expect((await readFile(join(on.root, 'world.bin'))).equals(on.world)).toBe(true)

    const { backupHostId, uuid, uploadId } = row
    await useDrizzle()
      .update(serverBackups)
      .set({ deletedAt: new Date().toISOString() })
      .where(eq(serverBackups.id, row.id))
    const discard = () => discardObject({ backupHostId, server: on.server.uuid, backup: uuid, uploadId })
    await discard()
    expect(on.store.objects.size).toBe(0)
    await discard() // what is gone is gone
    expect(on.wings.unknown).toEqual([])
  })
})

describe('GET /api/remote/backups/:backup', () => {
  it('says one address for each part, which hold as long as all of them together need', async () => {
    const backup = await panel.begin()
    const { status, body } = await ask(backup, `size=${2 * PART_SIZE_MIN + 1}`)
    expect(status).toBe(200)
    expect(body).toMatchObject({ part_size: PART_SIZE_MIN, max_concurrent_uploads: 3 })
    const places = (body.parts as string[]).map((place) => new URL(place))
    expect(places.map((place) => place.searchParams.get('partNumber'))).toEqual(['1', '2', '3'])
    expect(Number(places[0]?.searchParams.get('X-Amz-Expires'))).toBeGreaterThanOrEqual(3600)
    expect(places.every((place) => place.searchParams.get('uploadId') === [...panel.store.uploads.keys()].at(-1))).toBe(
      true,
    )
    expect((await rowOf(backup)).uploadId).toBe(places[0]?.searchParams.get('uploadId'))
  })

  it.each(['', 'size=', 'size=0', 'size=-5', 'size=many', 'size=1e3', 'size=99999999999999999', 'size=5&size=6'])(
    'is 400 with %j for a size',
    async (query) => {
      expect(await ask(await panel.begin(), query)).toMatchObject({
        status: 400,
        body: { errors: [{ code: 'BadRequestHttpException' }] },
      })
    },
  )

  it('is 409 for a backup that has ended, 400 for one that stays on its node', async () => {
    const completedAt = new Date().toISOString()
    expect((await ask(await panel.begin({ completedAt, uploadId: 'of-before' }))).status).toBe(409)
    expect((await ask(await panel.begin({ disk: 'wings', backupHostId: null }))).status).toBe(400)
  })

  it('goes on with the same upload when it is asked again, also at the same moment', async () => {
    const [before, backup] = [panel.store.uploads.size, await panel.begin()]
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask(backup)))
    answers.push(await ask(backup))
    const ids = answers.flatMap(({ body }) =>
      (body.parts as string[]).map((place) => new URL(place).searchParams.get('uploadId')),
    )
    expect(new Set(ids)).toEqual(new Set([(await rowOf(backup)).uploadId]))
    expect(panel.store.uploads.size).toBe(before + 1)
  })

  it('fails while the store is away, and leaves the backup running', async () => {
    const backup = await panel.begin()
    panel.store.break(() => 'drop')
    expect(await ask(backup)).toMatchObject({
      status: 502,
      body: { errors: [{ meta: { reason: 'object_store.unreachable' } }] },
    })
    expect(await rowOf(backup)).toMatchObject({ completedAt: null, uploadId: null })
  })

  it('signs what nobody can change', async () => {
    const { body } = await ask(await panel.begin())
    const place = new URL(body.parts[0] as string)
    place.searchParams.set('partNumber', '2')
    const reply = await fetch(place, { method: 'PUT', body: 'x' })
    expect([reply.status, await reply.text()]).toEqual([403, expect.stringContaining('SignatureDoesNotMatch')])
  })
})

describe('POST /api/remote/backups/:backup of one in an object store', () => {
  it('fails with its second part, loses its lock, and leaves nothing in the store', async () => {
    panel.store.break(({ query }) => (query.partNumber === '2' ? { status: 503, code: 'SlowDown' } : undefined))
    const backup = await panel.make()
    const row = await ended(backup)
    expect(row).toMatchObject({ isSuccessful: false, isLocked: false })
    panel.store.break(undefined)

    expect(panel.store.uploads.has(row.uploadId ?? '')).toBe(true)
    await eventually(
      () => runWaiting('backups.discard-object'),
      (count) => count > 0,
    )
    expect(panel.store.uploads.has(row.uploadId ?? '')).toBe(false)
    expect((await rowOf(backup)).uploadId).toBeNull()
  })

  it('is completed by whoever comes next when the panel dies between the store and the row', async () => {
    const backup = await panel.begin()
    const told = await upload(backup, panel.world)
    panel.store.break((call) => (isComplete(call) ? 'drop-after' : undefined))
    expect((await report(backup, told)).status).toBe(204)
    expect(await rowOf(backup)).toMatchObject({ completedAt: null })
    expect(panel.store.objects.has(panel.keyOf(backup))).toBe(true)

    // The node says it again; or nobody does, and the job that was committed first goes on.
    panel.store.break(undefined)
    expect((await report(backup, told)).status).toBe(204)
    expect(panel.store.seen.at(-2)).toMatchObject({ method: 'POST', status: 404 })
    const row = await rowOf(backup)
    expect(row).toMatchObject({ isSuccessful: true, bytes: told.size, checksum: `sha1:${told.checksum}` })
    expect((await report(backup, told)).status).toBe(204)
    expect(await runWaiting('backups.complete-upload')).toBe(1)
    expect(await eventsOf(backup)).toEqual([{ action: 'server:backup.complete' }])
  })

  it.each<[string, Parameters<PanelWithStore['store']['break']>[0]]>([
    ['is away', () => 'drop'],
    ['has no time', (call) => (isComplete(call) ? { status: 503, code: 'SlowDown' } : undefined)],
    [
      'takes back what it began to promise',
      (call) =>
        isComplete(call)
          ? { status: 200, code: '', body: '  <Error><Code>InternalError</Code><Message>x</Message></Error>' }
          : undefined,
    ],
    ['refuses its keys for now', (call) => (isComplete(call) ? { status: 403, code: 'AccessDenied' } : undefined)],
  ])('loses nothing while the store %s: a job goes on', async (_, fault) => {
    const backup = await panel.begin()
    const told = await upload(backup, panel.world)
    panel.store.break(fault)
    expect((await report(backup, told)).status).toBe(204)
    expect(await rowOf(backup)).toMatchObject({ completedAt: null })

    const thrown: unknown = await runWaiting('backups.complete-upload').catch((error: unknown) => error)
    expect(String(thrown)).toMatch(/object store/)
    expect(inspect(thrown, { depth: null })).not.toMatch(/canary|X-Amz/) // it is logged
    expect(await rowOf(backup)).toMatchObject({ completedAt: null })
    panel.store.break(undefined)
    expect(await runWaiting('backups.complete-upload')).toBe(1)
    expect(await rowOf(backup)).toMatchObject({ isSuccessful: true })
  })

  it.each<[string, (told: Awaited<ReturnType<typeof upload>>) => object]>([
    ['tags that are not the store’s', (told) => ({ parts: told.parts.map((part) => ({ ...part, etag: '"other"' })) })],
    ['a part too few', (told) => ({ parts: told.parts.slice(0, 2) })],
    ['another size', (told) => ({ size: told.size - 1 })],
    ['no parts', () => ({ parts: null })],
  ])('fails for good with %s, which the node is told', async (_, wrong) => {
    const backup = await panel.begin()
    const told = await upload(backup, panel.world)
    const broken = { ...told, ...wrong(told) }
    expect(await report(backup, broken)).toMatchObject({
      status: 400,
      body: { errors: [{ meta: { reason: 'object_store.upload_broken' } }] },
    })
    expect(await rowOf(backup)).toMatchObject({ isSuccessful: false, isLocked: false, failure: 'upload_broken' })

    expect((await report(backup, broken)).status).toBe(400)
    expect(await runWaiting('backups.complete-upload')).toBe(1)
    expect(await eventsOf(backup)).toEqual([{ action: 'server:backup.fail' }])
    await runWaiting('backups.discard-object')
    expect(panel.store.objects.has(panel.keyOf(backup))).toBe(false)
    expect([...panel.store.uploads.values()].filter(({ key }) => key === panel.keyOf(backup))).toEqual([])
  })

  it('takes parts in any order', async () => {
    const backup = await panel.begin()
    const told = await upload(backup, panel.world)
    expect((await report(backup, { ...told, parts: told.parts.toReversed() })).status).toBe(204)
    expect(panel.store.objects.get(panel.keyOf(backup))?.bytes.equals(panel.world)).toBe(true)
  })
})

describe('what nobody wants any more', () => {
  const finished = async () => {
    const backup = await panel.begin()
    await report(backup, await upload(backup, panel.world))
    await runWaiting('backups.complete-upload')
    return rowOf(backup)
  }

  it('keeps an archive that turned out well, whatever a late job says', async () => {
    const row = await finished()
    const { backupHostId, uuid, uploadId } = row
    await discardObject({ backupHostId, server: panel.server.uuid, backup: uuid, uploadId })
    expect(panel.store.objects.has(panel.keyOf(row))).toBe(true)
  })

  it('aborts uploads of failed backups once no address of a part holds, and those of deleted ones at once', async () => {
    const [late, young, deleted] = [await panel.begin(), await panel.begin(), await panel.begin()]
    for (const backup of [late, young, deleted]) await ask(backup)
    const set = (backup: BackupRow, values: Partial<BackupRow>) =>
      useDrizzle()
        .update(serverBackups)
        .set({ completedAt: new Date().toISOString(), ...values })
        .where(eq(serverBackups.id, backup.id))
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
    await set(late, { updatedAt: daysAgo(8) })
    await set(young, { updatedAt: daysAgo(6) })
    await set(deleted, { deletedAt: daysAgo(0) })

    await tidyUploads()
    await runWaiting('backups.discard-object')
    const isOpen = async (backup: BackupRow) => (await rowOf(backup)).uploadId !== null
    expect([await isOpen(late), await isOpen(young), await isOpen(deleted)]).toEqual([false, true, false])
  })

  it('goes with its server, also when the store is away at first', async () => {
    await using on = await panelWithStore()
    const running = await on.begin()
    await ended(await on.make())
    await request(`GET /api/remote/backups/${running.uuid}?size=100`, { as: on.asNode })
    expect([on.store.objects.size, on.store.uploads.size]).toEqual([1, 1])

    on.store.break(() => 'drop')
    const path = `DELETE /api/application/servers/${on.server.id}`
    expect((await request(path, { as: on.callers.root })).status).toBe(204)
    await expect(runWaiting('backups.discard-object')).rejects.toThrow(/could not be reached/)
    on.store.break(undefined)
    expect(await runWaiting('backups.discard-object')).toBe(2)
    expect([on.store.objects.size, on.store.uploads.size]).toEqual([0, 0])
    expect(await useDrizzle().$count(serverBackups, eq(serverBackups.serverId, on.server.id))).toBe(0)
  })
})
