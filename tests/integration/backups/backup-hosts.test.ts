import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { backupHostConfiguration } from '#server/database/json'
import { auditEvents, backupHosts, serverBackups, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { checkBackupHosts } from '#server/services/backup-hosts/check-backup-host'
import { chooseBackupHost } from '#server/services/backup-hosts/choose-backup-host'
import { presignDownload } from '#server/services/backups/object'
import { createBackupHostBody, type BackupHost } from '#shared/contracts/application/backup-hosts'
import { PART_SIZE_MIN } from '#shared/upload-parts'
import { request, signedInAs, type Caller } from '../../support/api'
import { makeBackup, makeBackupHost, makeNode, makeRootAdmin, makeServer } from '../../support/factories'
import { startObjectStore, STORE_KEYS, type ObjectStore } from '../../support/object-store'
import { configurationAt } from './with-store'

let [store, root, node, server] = [] as unknown as [ObjectStore, Caller, WingsNodeRow, ServerRow]
beforeAll(async () => {
  store = await startObjectStore()
  root = await signedInAs(await makeRootAdmin())
  node = await makeNode()
  server = await makeServer({ nodeId: node.id, name: 'Survival' })
})
afterEach(async () => {
  store.break(undefined)
  await useDrizzle().delete(serverBackups)
  await useDrizzle().delete(backupHosts)
})
afterAll(() => store[Symbol.asyncDispose]())

const PATH = '/api/application/backup-hosts'
const body = (more: object = {}) => ({
  name: 'Elsewhere',
  kind: 's3',
  endpoint: store.url,
  region: STORE_KEYS.region,
  bucket: STORE_KEYS.bucket,
  access_key_id: STORE_KEYS.accessKeyId,
  secret_access_key: STORE_KEYS.secretAccessKey,
  path_style: true,
  ...more,
})
const create = async (more: object = {}) => {
  const { status, body: made } = await request(`POST ${PATH}`, { as: root, body: body(more) })
  expect(status).toBe(201)
  return made.attributes as BackupHost
}
const patch = (id: number, change: object) => request(`PATCH ${PATH}/${id}`, { as: root, body: change })
const test = (id: number) => request(`POST ${PATH}/${id}/test`, { as: root })
const keysOf = async (id: number) => {
  const [row] = await useDrizzle()
    .select()
    .from(backupHosts)
    .where(eq(backupHosts.id, String(id)))
  const { accessKeyId, secretAccessKey } = z.decode(backupHostConfiguration, row?.configuration ?? '')
  return [accessKeyId, secretAccessKey]
}
const faultsOf = ({ body: said }: Awaited<ReturnType<typeof request>>) =>
  (said.errors as { meta: { source_field: string; rule: string } }[]).map(({ meta }) => [meta.source_field, meta.rule])

describe('backup hosts', () => {
  it('are made, listed, read, changed and deleted; their keys are never told again', async () => {
    const made = await create({ nodes: [Number(node.id)], part_size: PART_SIZE_MIN, storage_class: 'STANDARD_IA' })
    expect(made).toMatchObject({
      bucket: STORE_KEYS.bucket,
      part_size: PART_SIZE_MIN,
      is_default: false,
      nodes: [{ id: Number(node.id), name: node.name }],
      backups_count: 0,
      keys_set_at: expect.stringMatching(/\+00:00$/) as string,
    })
    const changed = await patch(made.id, { name: 'Renamed', nodes: [], is_default: true })
    const listed = await request(`GET ${PATH}?filter[name]=renam&sort=-name`, { as: root })
    expect(listed.body).toMatchObject({
      data: [{ attributes: { name: 'Renamed', nodes: [], is_default: true, storage_class: 'STANDARD_IA' } }],
      meta: { pagination: { total: 1 }, environment: null },
    })
    expect(await keysOf(made.id)).toEqual([STORE_KEYS.accessKeyId, STORE_KEYS.secretAccessKey])
    const read = await request(`GET ${PATH}/${made.id}`, { as: root })
    const gone = await request(`DELETE ${PATH}/${made.id}`, { as: root })
    expect([gone.status, (await request(`GET ${PATH}/${made.id}`, { as: root })).status]).toEqual([204, 404])

    const events = await useDrizzle().select().from(auditEvents)
    expect(events.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['admin:backup-host.create', 'admin:backup-host.update', 'admin:backup-host.delete']),
    )
    expect(JSON.stringify([made, changed.body, listed.body, read.body, events])).not.toContain('canary')
  })

  it('keeps keys that come empty, replaces both together, and never one', async () => {
    const { id } = await create()
    expect((await patch(id, { access_key_id: '', secret_access_key: null, region: 'eu-2' })).status).toBe(200)
    expect(await keysOf(id)).toEqual([STORE_KEYS.accessKeyId, STORE_KEYS.secretAccessKey])
    expect(faultsOf(await patch(id, { access_key_id: 'other' }))).toEqual([['secret_access_key', 'required']])
    expect((await patch(id, { access_key_id: 'other', secret_access_key: 'another' })).status).toBe(200)
    expect(await keysOf(id)).toEqual(['other', 'another'])
  })

  it.each<[object, [string, string][]]>([
    [{ bucket: null }, [['bucket', 'required']]],
    [
      { access_key_id: null, secret_access_key: '' },
      [
        ['access_key_id', 'required'],
        ['secret_access_key', 'required'],
      ],
    ],
    [{ endpoint: 'ftp://x' }, [['endpoint', 'url']]],
    [{ endpoint: 'https://user:pass@store' }, [['endpoint', 'url']]],
    [{ bucket: '../other' }, [['bucket', 'regex']]],
    [{ part_size: 1024 }, [['part_size', 'min']]],
    [{ part_size: 6 * 1024 ** 3 }, [['part_size', 'max']]],
    [{ nodes: [987654] }, [['nodes', 'exists']]],
    [{ kind: 'ftp' }, [['kind', 'in']]],
  ])('are refused with %j', async (more, faults) => {
    const refused = await request(`POST ${PATH}`, { as: root, body: body(more) })
    expect([refused.status, faultsOf(refused)]).toEqual([422, faults])
    expect(await useDrizzle().$count(backupHosts)).toBe(0)
  })

  it('have names of their own, and one default', async () => {
    const [one, other] = [await create({ is_default: true }), await create({ name: 'Other', is_default: true })]
    expect(faultsOf(await patch(other.id, { name: one.name }))).toEqual([['name', 'unique']])
    const defaults = await useDrizzle().select().from(backupHosts).where(eq(backupHosts.isDefault, true))
    expect(defaults.map(({ id }) => Number(id))).toEqual([other.id])
    expect(createBackupHostBody.safeParse({ name: 'x', kind: 'wings' }).success).toBe(true)
  })

  it('each know their own nodes and count their own backups', async () => {
    const [one, other] = [await create(), await create({ name: 'Other', nodes: [node.id, (await makeNode()).id] })]
    await makeBackup(server.id, { disk: 's3', backupHostId: String(other.id) })
    await makeBackup(server.id, { disk: 's3', backupHostId: String(other.id), deletedAt: new Date().toISOString() })
    const { body: listed } = await request(`GET ${PATH}?sort=id`, { as: root })
    const known = (listed.data as { attributes: BackupHost }[]).map(({ attributes }) => [
      attributes.id,
      attributes.nodes.length,
      attributes.backups_count,
    ])
    expect(known).toEqual([
      [one.id, 0, 0],
      [other.id, 2, 1],
    ])
  })

  it('are not deleted while they hold backups: the refusal names whose', async () => {
    const { id } = await create()
    const held = { disk: 's3' as const, backupHostId: String(id) }
    await makeBackup(server.id, held)
    const kept = await makeBackup(server.id, { ...held, deletedAt: new Date().toISOString() })
    expect(await request(`DELETE ${PATH}/${id}`, { as: root })).toMatchObject({
      status: 400,
      body: { errors: [{ meta: { reason: 'backup_host.in_use', count: 1, servers: 'Survival' } }] },
    })

    await useDrizzle()
      .delete(serverBackups)
      .where(and(eq(serverBackups.serverId, server.id), eq(serverBackups.isSuccessful, true)))
    await makeBackup(server.id, { ...held, uuid: kept.uuid, deletedAt: new Date().toISOString() })
    expect((await request(`DELETE ${PATH}/${id}`, { as: root })).status).toBe(204)
    expect(await useDrizzle().$count(serverBackups)).toBe(1) // the throttle still counts it
  })
})

describe('POST /api/application/backup-hosts/:backupHost/test', () => {
  it('writes, reads and removes an object, begins and aborts an upload, and leaves nothing', async () => {
    const { id } = await create({ storage_class: 'STANDARD_IA' })
    store.seen.length = 0
    expect((await test(id)).body).toMatchObject({ object: 'backup_host_check', attributes: { ok: true, step: null } })
    expect(store.seen.map(({ method, status }) => `${method} ${status}`)).toEqual([
      'PUT 200',
      'GET 200',
      'DELETE 204',
      'POST 200',
      'DELETE 204',
    ])
    expect([store.objects.size, store.uploads.size]).toEqual([0, 0])
    expect((await request(`GET ${PATH}/${id}`, { as: root })).body.attributes).toMatchObject({
      failure: null,
      checked_at: expect.any(String) as string,
    })
  })

  it.each<[string, object, RegExp]>([
    ['a wrong secret', { secret_access_key: 'canary-wrong' }, /^SignatureDoesNotMatch: The request signature/],
    ['a wrong key', { access_key_id: 'canary-wrong' }, /^InvalidAccessKeyId: /],
    ['a wrong region', { region: 'eu-other' }, /^AuthorizationHeaderMalformed: .* expecting 'eu-test-1'$/],
    ['a bucket that is not there', { bucket: 'somewhere' }, /^NoSuchBucket: /],
    ['nobody at the endpoint', { endpoint: 'http://127.0.0.1:9' }, /ECONNREFUSED/],
    ['a name that is none', { endpoint: 'http://store.invalid' }, /store\.invalid/],
  ])('says what the store says of %s', async (_, more, error) => {
    const { id } = await create(more)
    const { body: said } = await test(id)
    expect(said.attributes).toMatchObject({ ok: false, step: 'write', error: expect.stringMatching(error) as string })
    const read = await request(`GET ${PATH}/${id}`, { as: root })
    expect(read.body.attributes.failure).toBe(said.attributes.error)
    expect(JSON.stringify([said, read.body])).not.toContain('canary')

    await patch(id, { access_key_id: STORE_KEYS.accessKeyId, secret_access_key: STORE_KEYS.secretAccessKey })
    expect((await request(`GET ${PATH}/${id}`, { as: root })).body.attributes).toMatchObject({
      failure: null,
      checked_at: null,
    })
  })

  it.each<[string, 'read' | 'remove' | 'upload', (call: { method: string; query: object }) => boolean]>([
    ['read', 'read', ({ method }) => method === 'GET'],
    ['remove', 'remove', ({ method, query }) => method === 'DELETE' && !('uploadId' in query)],
    ['upload in parts', 'upload', ({ method, query }) => method === 'POST' && 'uploads' in query],
  ])('says that keys may not %s', async (_, step, isRefused) => {
    const { id } = await create()
    store.break((call) => (isRefused(call) ? { status: 403, code: 'AccessDenied' } : undefined))
    expect((await test(id)).body.attributes).toMatchObject({
      ok: false,
      step,
      error: 'AccessDenied: AccessDenied on purpose',
    })
    if (step === 'read') expect(store.objects.size).toBe(0)
    store.objects.clear()
  })

  it('follows no redirect, which would carry the signature elsewhere', async () => {
    const asked: string[] = []
    const elsewhere = createServer((call, response) => {
      asked.push(call.url ?? '')
      response.writeHead(307, { location: `${store.url}/elsewhere` }).end()
    })
    await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done))
    store.seen.length = 0
    const { id } = await create({ endpoint: `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}` })
    expect((await test(id)).body.attributes).toMatchObject({ ok: false, error: 'HTTP 307' })
    expect([asked.length, store.seen.length]).toEqual([1, 0])
    elsewhere.closeAllConnections()
    elsewhere.close()
  })

  it('is done for every host by a job', async () => {
    const [works, fails] = [await create(), await create({ name: 'Broken', bucket: 'somewhere' })]
    await create({ name: 'Disk', kind: 'wings' })
    await checkBackupHosts()
    const { body: listed } = await request(`GET ${PATH}?sort=id`, { as: root })
    const failures = (listed.data as { attributes: BackupHost }[]).map(({ attributes }) => [
      attributes.id,
      attributes.failure?.split(':')[0] ?? null,
      attributes.checked_at !== null,
    ])
    expect(failures).toEqual([
      [works.id, null, true],
      [fails.id, 'NoSuchBucket', true],
      [expect.any(Number), null, false],
    ])
  })
})

describe('where a backup goes', () => {
  it('to the first host of its node, else to the default, else to the node itself', async () => {
    const chosen = async () => (await chooseBackupHost(node)).backupHostId
    expect(await chooseBackupHost(node)).toEqual({ disk: 'wings', backupHostId: null })
    const fallback = await makeBackupHost({ isDefault: true })
    expect(await chooseBackupHost(node)).toEqual({ disk: 's3', backupHostId: fallback.id })
    await makeBackupHost({ nodeIds: [(await makeNode()).id] })
    expect(await chosen()).toBe(fallback.id)

    const first = await makeBackupHost({ kind: 'wings', nodeIds: [node.id] })
    await makeBackupHost({ nodeIds: [node.id] })
    expect(await chooseBackupHost(node)).toEqual({ disk: 'wings', backupHostId: first.id })
  })

  it('is found there later, whatever became of its node’s hosts', async () => {
    const host = await makeBackupHost({ configuration: configurationAt('https://objects.example.test/storage/') })
    const backup = await makeBackup(server.id, { disk: 's3', backupHostId: host.id })
    const place = new URL(await presignDownload(backup))
    expect(`${place.origin}${place.pathname}`).toBe(
      `https://objects.example.test/storage/${STORE_KEYS.bucket}/${server.uuid}/${backup.uuid}.tar.gz`,
    )
    expect(place.searchParams.get('X-Amz-Expires')).toBe('300')
    expect(place.href).not.toContain(STORE_KEYS.secretAccessKey)
    await expect(presignDownload({ ...backup, backupHostId: null })).rejects.toMatchObject({
      code: 'object_store.missing',
    })
  })
})
