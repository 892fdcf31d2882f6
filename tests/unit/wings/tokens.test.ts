import { createHash } from 'node:crypto'
import { decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import {
  publicAddress,
  signFileDownload,
  signFileUpload,
  signSocket,
  signTransfer,
  tokenName,
} from '#server/wings/tokens'

const node = {
  apiToken: 'k'.repeat(64),
  scheme: 'https',
  fqdn: 'fra-1.example.com',
  daemonListen: 8080,
  connectPort: null,
} as const
const server = '8f0f7e5c-0000-4000-8000-000000000001'
const user = { id: '7', uuid: '1b9d6bcd-0000-4000-8000-000000000003' }
const signing = { node, panel: 'https://panel.example.com', server, user }

const read = async (token: string, key: string = node.apiToken) =>
  (await jwtVerify(token, new TextEncoder().encode(key))).payload
const tokenOf = (link: string) => new URL(link).searchParams.get('token') ?? ''

const kinds = {
  websocket: {
    sign: async () => (await signSocket({ ...signing, permissions: ['*'] })).token,
    seconds: 600,
    extra: { permissions: ['*'] },
  },
  'file-download': {
    sign: async () => tokenOf(await signFileDownload({ ...signing, file: 'a//b.txt' })),
    seconds: 900,
    extra: { file_path: '/a/b.txt' },
  },
  'file-upload': { sign: async () => tokenOf(await signFileUpload(signing)), seconds: 900, extra: {} },
}

it('sec-06: a token for transfer names the server it opens, and nobody', async () => {
  const { exp, iat, nbf, unique_id, ...claims } = await read(await signTransfer(signing))
  expect(claims).toEqual({
    iss: 'https://panel.example.com',
    aud: 'https://fra-1.example.com:8080',
    jti: createHash('sha256').update(server).digest('hex'),
    sub: server,
    server_uuid: server,
    scope: 'transfer',
  })
  expect([exp! - iat!, nbf! - iat!]).toEqual([900, -300])
  expect(unique_id).toMatch(/^[\w-]{16}$/)
})

describe.each(Object.entries(kinds))('a token for %s', (scope, { sign, seconds, extra }) => {
  it('sec-06: carries exactly its scope, and what this kind needs', async () => {
    const before = Math.floor(Date.now() / 1000)
    const { iat, nbf, exp, unique_id, jti, ...claims } = await read(await sign())

    expect(claims).toEqual({
      iss: 'https://panel.example.com',
      aud: 'https://fra-1.example.com:8080',
      server_uuid: server,
      scope,
      user_uuid: user.uuid,
      user_id: 7,
      ...extra,
    })
    expect(iat).toBeGreaterThanOrEqual(before)
    expect([iat, nbf, exp].every(Number.isInteger)).toBe(true)
    expect(nbf).toBe(iat! - 300)
    expect(exp).toBe(iat! + seconds)
    expect(unique_id).toMatch(/^[\w-]{16}$/)
    expect(jti).toBe(tokenName('7', server))
  })

  it('is HS256 by the text of the key, without padding, and never the same twice', async () => {
    const [one, other] = [await sign(), await sign()]
    expect(decodeProtectedHeader(one)).toMatchObject({ alg: 'HS256', typ: 'JWT' })
    expect(one).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
    expect((await read(one)).unique_id).not.toBe((await read(other)).unique_id)
    await expect(read(one, 'x'.repeat(64))).rejects.toThrow()
  })
})

it('names a token after person and server, as Pterodactyl does', () => {
  expect(tokenName('7', server)).toBe(createHash('md5').update(`7${server}`).digest('hex'))
})

it('fits one frame of Wings with every permission there is', async () => {
  const permissions = Array.from({ length: 45 }, (_, number) => `admin.websocket.permission-${number}`)
  expect((await signSocket({ ...signing, permissions })).token.length).toBeLessThan(3_500)
})

it('signs with a key as short as an import brings', async () => {
  const short = { ...node, apiToken: 'short' }
  expect(await read((await signSocket({ ...signing, node: short, permissions: [] })).token, 'short')).toMatchObject({
    scope: 'websocket',
  })
})

it.each([
  [{}, 'https://fra-1.example.com:8080', 'wss://fra-1.example.com:8080'],
  [{ connectPort: 443 }, 'https://fra-1.example.com:443', 'wss://fra-1.example.com:443'],
  [{ scheme: 'http', fqdn: '2001:db8::1' } as const, 'http://[2001:db8::1]:8080', 'ws://[2001:db8::1]:8080'],
])('browsers connect with %j at %s', async (values, address, socketAddress) => {
  const reached = { ...node, ...values }
  expect(publicAddress(reached)).toBe(address)
  expect((await signSocket({ ...signing, node: reached, permissions: [] })).socket).toBe(
    `${socketAddress}/api/servers/${server}/ws`,
  )
  expect(await signFileUpload({ ...signing, node: reached })).toMatch(`${address}/upload/file?token=`)
})

it('signs no path that leads out of the server', async () => {
  await expect(signFileDownload({ ...signing, file: '../../etc/passwd' })).rejects.toMatchObject({
    code: 'file.path_refused',
  })
})
