import { gzipSync } from 'node:zlib'
import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { serverBackups, servers } from '#server/database/schema'
import { breaker } from '#server/wings/breaker'
import { asNode, request, type Caller } from '../../support/api'
import { makeBackup, makeNode, makeServer } from '../../support/factories'
import { routeFiles, signatureOf } from '../../support/routes'

type Flavour = 'pterodactyl' | 'pelican'

const AS: Record<Flavour, { accept: string; 'user-agent': string }> = {
  pterodactyl: {
    accept: 'application/vnd.pterodactyl.v1+json',
    'user-agent': 'Pterodactyl Wings/v1.11.11 (id:test)',
  },
  pelican: { accept: 'application/json', 'user-agent': 'Pelican Wings/v1.0.0-beta29 (id:test)' },
}

async function arrange(flavour: Flavour) {
  const node = await makeNode()
  const server = await makeServer({ nodeId: node.id, status: 'installing', installedAt: null })
  const backup = await makeBackup(server.id, { nodeId: node.id, completedAt: null })
  const as: Caller = { headers: { ...asNode(node).headers, ...AS[flavour] } }
  const path = (pattern: string) => pattern.replace(':server', server.uuid).replace(':backup', backup.uuid)
  const state = async () => (await useDrizzle().select().from(servers).where(eq(servers.id, server.id)))[0]
  const kept = async () => (await useDrizzle().select().from(serverBackups).where(eq(serverBackups.id, backup.id)))[0]
  return { node, server, backup, as, path, state, kept }
}

const reports = Object.keys(routeFiles)
  .map(signatureOf)
  .filter(({ method, path }) => method === 'POST' && path.startsWith('/api/remote/'))
  .map(({ path }) => path)

const JSON_TYPE = { 'content-type': 'application/json' }

describe.each(['pterodactyl', 'pelican'] as const)('what a daemon of %s reports', (flavour) => {
  it.each(reports)('%s never fails, whatever the body is', async (pattern) => {
    const { as, path } = await arrange(flavour)
    const bodies: [unknown, Record<string, string>][] = [
      ['null', JSON_TYPE],
      ['', JSON_TYPE],
      ['{"successful":', JSON_TYPE],
      ['[1,2]', JSON_TYPE],
      ['"text"', JSON_TYPE],
      ['successful=true&size=1', { 'content-type': 'application/x-www-form-urlencoded' }],
      ['successful', { 'content-type': 'text/plain' }],
      ['{"data":[]}', { 'content-type': 'text/html' }],
      [new Uint8Array([0xff, 0xfe, 0x00]), JSON_TYPE],
      ['not gzip', { ...JSON_TYPE, 'content-encoding': 'gzip' }],
      [new Uint8Array(gzipSync('null')), { ...JSON_TYPE, 'content-encoding': 'gzip' }],
    ]
    for (const [body, headers] of bodies) {
      const { status } = await request(`POST ${path(pattern)}`, { as, body, headers })
      expect([status, String(body)]).toEqual([expect.toSatisfy((given: number) => given < 500), String(body)])
    }
  })

  it('may hold keys that we do not know', async () => {
    const { as, path, state } = await arrange(flavour)
    const body = { successful: true, reinstall: false, exit_code: 0, later: { a: [null] } }
    const reply = await request(`POST ${path('/api/remote/servers/:server/install')}`, { as, body })
    expect(reply).toMatchObject({ status: 204, body: undefined })
    expect(await state()).toMatchObject({ status: null })
  })

  it('is nothing at its start: the literal null, labelled as JSON', async () => {
    const { as, server } = await arrange(flavour)
    const reset = () => request('POST /api/remote/servers/reset', { as, body: 'null', headers: JSON_TYPE })
    expect([(await reset()).status, (await reset()).status]).toEqual([204, 204])
    expect((await request(`GET /api/remote/servers/${server.uuid}`, { as })).status).toBe(200)
  })

  it('says at its start that it is back, and nobody is kept from it any longer', async () => {
    const { as, node } = await arrange(flavour)
    for (let times = 0; times < 3; times++) breaker.note(node.id, 'silent')
    expect(breaker.isOpen(node.id)).toBe(true)
    await request('POST /api/remote/servers/reset', { as, body: 'null', headers: JSON_TYPE })
    expect(breaker.isOpen(node.id)).toBe(false)
  })

  it('may be an archive of 5 GiB, once', async () => {
    const { as, path, kept } = await arrange(flavour)
    const body = {
      successful: true,
      checksum: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
      checksum_type: 'sha1',
      size: 5_368_709_120,
      parts: null,
    }
    expect((await request(`POST ${path('/api/remote/backups/:backup')}`, { as, body })).status).toBe(204)
    const first = await kept()
    expect(first).toMatchObject({ bytes: 5_368_709_120, isSuccessful: true })
    const again = { ...body, successful: false, size: 0, checksum: '', checksum_type: '' }
    expect((await request(`POST ${path('/api/remote/backups/:backup')}`, { as, body: again })).status).toBe(204)
    expect(await kept()).toEqual(first)
  })

  it('may be a failure without a word', async () => {
    const { as, path, kept } = await arrange(flavour)
    const body = { checksum: '', checksum_type: '', size: 0, successful: false, parts: null }
    expect((await request(`POST ${path('/api/remote/backups/:backup')}`, { as, body })).status).toBe(204)
    expect(await kept()).toMatchObject({ isSuccessful: false, bytes: 0 })
    expect((await kept())?.completedAt).not.toBeNull()
  })

  it('carries a content type where there is no body', async () => {
    const { as, path } = await arrange(flavour)
    for (const pattern of ['/api/remote/servers', '/api/remote/servers/:server', '/api/remote/servers/:server/install'])
      expect((await request(`GET ${path(pattern)}?page=0&per_page=50`, { as, headers: JSON_TYPE })).status).toBe(200)
  })
})
