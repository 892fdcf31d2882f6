import { describe, expect, it } from 'vitest'
import { plainServer, type Wings } from '../../../simulator/wings.ts'
import { ask, SERVER, sign, startWithServer, USER } from './stage'

const seconds = () => Math.floor(Date.now() / 1_000)

async function withFile(
  options: Parameters<typeof startWithServer>[0] = {},
  description = plainServer(SERVER),
): Promise<Wings> {
  const wings = await startWithServer(options, description)
  await ask(wings, 'POST /api/servers/:server/files/write?file=/logs/latest.log', 'hello')
  return wings
}

/** As a browser calls: without the node's secret. */
const download = (wings: Wings, token: string) => fetch(`${wings.url}/download/file?token=${token}`)
const fileToken = (wings: Wings, claims: Record<string, unknown> = {}, key = wings.token) =>
  sign(wings, { scope: 'file-download', file_path: '/logs/latest.log', ...claims }, key)

function upload(
  wings: Wings,
  token: string,
  { field = 'files', name = 'a.txt', content = 'uploaded', directory = '/new' } = {},
) {
  const form = new FormData()
  form.append(field, new Blob([content]), name)
  return fetch(`${wings.url}/upload/file?token=${token}&directory=${encodeURIComponent(directory)}`, {
    method: 'POST',
    body: form,
  })
}

describe('a signed download', () => {
  it.each(['pterodactyl', 'pelican'] as const)('works once: %s', async (flavour) => {
    await using wings = await withFile({ flavour })
    const token = fileToken(wings)
    const reply = await download(wings, token)

    expect([reply.status, await reply.text()]).toEqual([200, 'hello'])
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'content-length': '5',
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename="latest.log"',
    })
    expect((await download(wings, token)).status).toBe(404)
  })

  it.each<[string, Record<string, unknown>, number, number]>([
    ['another scope', { scope: 'file-upload' }, 200, 404],
    ['no scope', { scope: undefined }, 200, 404],
    ['several scopes', { scope: 'websocket file-download' }, 200, 200],
    ['nobody in it', { user_uuid: undefined }, 200, 404],
    ['no time of issue', { iat: undefined }, 200, 404],
    ['a time in fractions', { exp: seconds() + 60.5 }, 500, 500],
    ['no end', { exp: undefined }, 500, 500],
    ['its end behind it', { exp: seconds() - 5 }, 500, 500],
    ['an unknown server', { server_uuid: USER }, 404, 404],
  ])('with a token that has %s', async (_, claims, onPterodactyl, onPelican) => {
    for (const [flavour, status] of [
      ['pterodactyl', onPterodactyl],
      ['pelican', onPelican],
    ] as const) {
      await using wings = await withFile({ flavour })
      expect((await download(wings, fileToken(wings, claims))).status, flavour).toBe(status)
    }
  })

  it('is an unexpected error with a foreign signature, with padding and with nonsense', async () => {
    await using wings = await withFile()
    expect((await download(wings, fileToken(wings, {}, 'another'))).status).toBe(500)
    expect((await download(wings, `${fileToken(wings)}=`)).status).toBe(500)
    expect((await download(wings, 'nonsense')).status).toBe(500)
  })

  it('shares one empty id among tokens that have none', async () => {
    await using wings = await withFile()
    const bare = { unique_id: undefined }
    expect((await download(wings, fileToken(wings, bare))).status).toBe(200)
    expect((await download(wings, fileToken(wings, { ...bare, iat: seconds() - 1 }))).status).toBe(404)
  })

  it('ends with a denial on Pelican, and does not on Pterodactyl', async () => {
    await using pelican = await withFile({ flavour: 'pelican' })
    await ask(pelican, 'POST /api/deauthorize-user', { user: USER, servers: [SERVER] })
    expect((await download(pelican, fileToken(pelican, { iat: seconds() - 3 }))).status).toBe(404)

    await using pterodactyl = await withFile()
    await ask(pterodactyl, 'POST /api/servers/:server/ws/deny', { jtis: ['of-user-and-server'] })
    expect((await download(pterodactyl, fileToken(pterodactyl, { iat: seconds() - 3 }))).status).toBe(200)
  })

  it('is refused for a token from the second of the boot', async () => {
    const iat = seconds()
    await using wings = await withFile({ flavour: 'pelican', upForMs: 0 })
    expect((await download(wings, fileToken(wings, { iat }))).status).toBe(404)
  })

  it('keeps what the egg denies on Pelican only', async () => {
    const denied = plainServer(SERVER, { settings: { egg: { id: '', file_denylist: ['*.log'], features: {} } } })
    for (const [flavour, status] of [
      ['pterodactyl', 500],
      ['pelican', 403],
    ] as const) {
      await using wings = await startWithServer({ flavour }, denied)
      expect((await download(wings, fileToken(wings))).status).toBe(status)
    }
  })
})

describe('a signed upload', () => {
  it('stores the file without the folders in its name, and records it', async () => {
    await using wings = await startWithServer()
    const reply = await upload(wings, sign(wings, { scope: 'file-upload' }), { name: 'x/y/a.txt' })

    expect([reply.status, await reply.text()]).toEqual([200, ''])
    expect((await ask(wings, 'GET /api/servers/:server/files/contents?file=/new/a.txt')).text).toBe('uploaded')
    expect(wings.activity).toMatchObject([
      { user: USER, server: SERVER, event: 'server:file.uploaded', metadata: { file: 'a.txt', directory: '/new' } },
    ])
  })

  it('uses the token up with the first try', async () => {
    await using wings = await startWithServer()
    const token = sign(wings, { scope: 'file-upload' })
    expect((await upload(wings, token, { field: 'file' })).status).toBe(400)
    expect((await upload(wings, token)).status).toBe(404)
  })

  it('refuses what is too large, denied, or in a folder outside', async () => {
    await using wings = await startWithServer(
      { uploadLimitMib: 1 },
      plainServer(SERVER, { settings: { egg: { id: '', file_denylist: ['*.key'], features: {} } } }),
    )
    const token = () => sign(wings, { scope: 'file-upload' })
    expect((await upload(wings, token(), { content: 'x'.repeat(1_048_577) })).status).toBe(400)
    expect((await upload(wings, token(), { name: 'a.key' })).status).toBe(403)
    expect((await upload(wings, token(), { directory: '../..' })).status).toBe(500)
  })

  it('is refused on Pelican with the scope of a download', async () => {
    await using wings = await startWithServer({ flavour: 'pelican' })
    expect((await upload(wings, sign(wings, { scope: 'file-download' }))).status).toBe(404)
    expect((await upload(wings, sign(wings, { scope: 'file-upload' }))).status).toBe(200)
  })
})
