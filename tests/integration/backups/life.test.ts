import { readFile, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { request } from '../../support/api'
import { eventually, panelWithNode, statusOf, type PanelWithNode } from '../../support/panel-with-node'
import { changeSettings } from '../../support/settings'
import { archiveOf, eventsOf, finished, hasArchive, installed, rowOf, writeHere, type Installed } from './arrange'

describe.each(['pterodactyl', 'pelican'] as const)('a backup on %s', (flavour) => {
  let panel: PanelWithNode
  let server: Installed
  beforeAll(async () => {
    panel = await panelWithNode(flavour)
    await changeSettings({ 'backups.throttleLimit': 0 })
    server = await installed(panel, 50)
  })
  afterAll(() => panel.wings.stop())

  const call = (signature: string, body?: object) =>
    request(signature.replace(' /', ` ${server.path}/`).replace(/\/$/, ''), { as: panel.callers.owner, body })
  const read = (name: string) => readFile(join(panel.wings.server(server.uuid).root, name), 'utf8')

  it('is made, shown, fetched once, and written down', async () => {
    await writeHere(panel, server, 'level.dat', 'level')
    const made = await call('POST /', { name: 'Before update', ignored: '*.log\r\n\n  \ncache/', is_locked: true })
    expect(made).toMatchObject({
      status: 200,
      body: {
        object: 'backup',
        attributes: {
          is_successful: false,
          is_locked: true,
          is_scheduled: false,
          name: 'Before update',
          ignored_files: ['*.log', 'cache/'],
          checksum: null,
          bytes: 0,
          completed_at: null,
        },
        meta: { failure: null, place: { kind: 'node', is_left_behind: false } },
      },
    })
    const { uuid } = made.body.attributes
    await eventually(
      () => rowOf(uuid),
      (row) => row?.isSuccessful === true,
    )
    const archive = await readFile(archiveOf(panel, server, uuid))
    const shown = await call(`GET /${uuid}`)
    expect(shown.body.attributes).toMatchObject({ is_successful: true, is_locked: true, bytes: archive.length })
    expect(shown.body.attributes.checksum).toMatch(/^sha1:[0-9a-f]{40}$/)
    expect((await call('GET /')).body).toMatchObject({
      data: [{ attributes: { uuid } }],
      meta: {
        pagination: { total: 1, per_page: 20 },
        backup_count: 1,
        backup_limit: 50,
        used_bytes: archive.length,
        next_possible_at: null,
      },
    })
    expect(panel.wings.seen.find(({ path }) => path.endsWith('/backup'))?.body).toMatchObject({
      adapter: 'wings',
      uuid,
      ignore: '*.log\ncache/',
    })

    const { body: link } = await call(`GET /${uuid}/download`)
    expect(link.object).toBe('signed_url')
    const fetched = await fetch(link.attributes.url)
    expect(Buffer.from(await fetched.arrayBuffer()).equals(archive)).toBe(true)
    expect((await fetch(link.attributes.url)).status).toBeGreaterThanOrEqual(400) // it opens once

    expect((await eventsOf(server)).filter(({ event }) => event.startsWith('server:backup'))).toEqual([
      { event: 'server:backup.start', properties: { name: 'Before update', locked: true } },
      { event: 'server:backup.complete', properties: { name: 'Before update' } },
      { event: 'server:backup.download', properties: { name: 'Before update' } },
    ])
  })

  it('gives back what was there, and takes away the rest only when told to', async () => {
    await writeHere(panel, server, 'world.txt', 'before')
    const { uuid, name } = await finished(panel, server)
    expect(name).toMatch(/^Backup at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
    await writeHere(panel, server, 'world.txt', 'after')
    await writeHere(panel, server, 'new.txt', 'new')

    const isNormal = () => eventually(statusOf(panel.callers.owner, server.identifier), (status) => status === null)
    expect(await call(`POST /${uuid}/restore`, { truncate: false })).toMatchObject({ status: 204, body: undefined })
    await isNormal()
    expect([await read('world.txt'), await read('new.txt')]).toEqual(['before', 'new'])

    // As some clients send it.
    expect((await call(`POST /${uuid}/restore?truncate=true`)).status).toBe(204)
    await isNormal()
    await eventually(
      () => read('world.txt').catch(() => ''),
      (text) => text === 'before',
    )
    expect(existsSync(join(panel.wings.server(server.uuid).root, 'new.txt'))).toBe(false)
    expect((await eventsOf(server, 'server:backup.restore')).map(({ properties }) => properties)).toEqual([
      { name, truncate: false },
      { name, truncate: true },
    ])
    expect(await eventsOf(server, 'server:backup.restore-complete')).toHaveLength(2)
  })

  it('is renamed, locked against deletion, unlocked and deleted with its archive', async () => {
    const { uuid } = await finished(panel, server, { name: 'Old' })
    expect((await call(`PUT /${uuid}/rename`, { name: 'New' })).body.attributes.name).toBe('New')
    expect((await call(`PUT /${uuid}/rename`, { name: 'x'.repeat(192) })).status).toBe(422)
    expect((await call(`POST /${uuid}/lock`)).body.attributes.is_locked).toBe(true)
    expect(await call(`DELETE /${uuid}`)).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'BackupLockedException', detail: 'Cannot delete a backup that is marked as locked.' }] },
    })
    expect(hasArchive(panel, server, uuid)).toBe(true)

    expect((await call(`POST /${uuid}/lock`)).body.attributes.is_locked).toBe(false)
    expect(await call(`DELETE /${uuid}`)).toMatchObject({ status: 204, body: undefined })
    expect(hasArchive(panel, server, uuid)).toBe(false)
    expect((await call(`GET /${uuid}`)).status).toBe(404)
    const acts = ['rename', 'lock', 'unlock', 'delete'].map((act) => `server:backup.${act}`)
    expect((await eventsOf(server)).filter(({ event }) => acts.includes(event))).toEqual([
      { event: acts[0], properties: { old_name: 'Old', new_name: 'New' } },
      { event: acts[1], properties: { name: 'New' } },
      { event: acts[2], properties: { name: 'New' } },
      { event: acts[3], properties: { name: 'New', failed: false } },
    ])
  })

  it('is deleted although its archive is gone already, and stays where the node cannot say', async () => {
    const { uuid } = await finished(panel, server)
    const withdraw = panel.wings.faults.add({
      on: 'DELETE /api/servers/*/backup/*',
      fault: { kind: 'refusing', status: 500, body: {} },
    })
    expect((await call(`DELETE /${uuid}`)).status).toBe(500)
    expect((await call(`GET /${uuid}`)).status).toBe(200)
    withdraw()
    await rm(archiveOf(panel, server, uuid))
    expect((await call(`DELETE /${uuid}`)).status).toBe(204)
    panel.wings.assertNoUnknown()
  })
})
