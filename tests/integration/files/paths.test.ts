import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { request } from '../../support/api'
import { createServer, eventually, panelWithNode, statusOf, type PanelWithNode } from '../../support/panel-with-node'

let panel: PanelWithNode
let identifier: string
beforeAll(async () => {
  panel = await panelWithNode('pelican')
  const { body } = await createServer(panel)
  identifier = body.attributes.identifier
  await eventually(statusOf(panel.callers.owner, identifier), (status) => status === null)
})
afterAll(() => panel.wings.stop())

const ask = (route: string, body?: unknown) => {
  const [method, rest] = route.split(' ', 2)
  return request(`${method} /api/client/servers/${identifier}/files/${rest}`, { as: panel.callers.owner, body })
}
const reached = () => panel.wings.seen.filter(({ path }) => path.includes('/files/')).length

const ESCAPES = [
  '..',
  '../x',
  '/../../etc/passwd',
  'a/../../x',
  'a/..',
  '%2e%2e/x',
  '%252e%252e/x',
  '..%2fx',
  '..\\x',
  'a\\..\\..\\x',
  ' .. /x',
  'x%00.txt',
]

/** Every place of every file route where a path stands. */
const PLACES: [string, (path: string) => ReturnType<typeof ask>][] = [
  ['list', (path) => ask(`GET list?directory=${encodeURIComponent(path)}`)],
  ['contents', (path) => ask(`GET contents?file=${encodeURIComponent(path)}`)],
  ['download', (path) => ask(`GET download?file=${encodeURIComponent(path)}`)],
  ['search', (path) => ask(`GET search?pattern=abc&directory=${encodeURIComponent(path)}`)],
  ['write', (path) => ask(`POST write?file=${encodeURIComponent(path)}`, 'text')],
  ['rename: root', (path) => ask('PUT rename', { root: path, files: [{ from: 'a', to: 'b' }] })],
  ['rename: from', (path) => ask('PUT rename', { root: '/', files: [{ from: path, to: 'b' }] })],
  ['rename: to', (path) => ask('PUT rename', { root: '/', files: [{ from: 'a', to: path }] })],
  ['copy', (path) => ask('POST copy', { location: path })],
  ['compress: root', (path) => ask('POST compress', { root: path, files: ['a'] })],
  ['compress: file', (path) => ask('POST compress', { root: '/', files: [path] })],
  ['decompress: root', (path) => ask('POST decompress', { root: path, file: 'a.zip' })],
  ['decompress: file', (path) => ask('POST decompress', { root: '/', file: path })],
  ['delete: root', (path) => ask('POST delete', { root: path, files: ['a'] })],
  ['delete: file', (path) => ask('POST delete', { root: '/', files: [path] })],
  ['create folder: root', (path) => ask('POST create-folder', { root: path, name: 'a' })],
  ['create folder: name', (path) => ask('POST create-folder', { root: '/', name: path })],
  ['chmod: root', (path) => ask('POST chmod', { root: path, files: [{ file: 'a', mode: 644 }] })],
  ['chmod: file', (path) => ask('POST chmod', { root: '/', files: [{ file: path, mode: 644 }] })],
]

describe('sec-35 a path that climbs out', () => {
  it.each(PLACES)('reaches no node: %s', async (_, send) => {
    const before = reached()
    const replies = await Promise.all(ESCAPES.map(send))
    expect(replies.map(({ status }) => status).filter((status) => status < 400 || status >= 500)).toEqual([])
    expect(reached()).toBe(before)
  })
})

describe('files/download', () => {
  const signedFor = async (query: string) => {
    const { url } = (await ask(`GET download?file=${query}`)).body.attributes
    const [, claims = ''] = new URL(url).searchParams.get('token')?.split('.') ?? []
    return JSON.parse(Buffer.from(claims, 'base64url').toString()).file_path
  }

  it.each([
    ['/plugins/a b.jar', 1],
    ['/plugins/a b.jar', 2],
    ['/maps/größe.zip', 2],
    ['/100%.txt', 1],
    ['/a%20b.txt', 2],
    ['/%ff', 1],
  ])('decodes the path of %s, encoded %i times', async (path, times) => {
    let query = path
    for (let left = times; left > 0; left--) query = encodeURIComponent(query)
    expect(await signedFor(query)).toBe(path)
  })
})

describe('files/compress', () => {
  it('makes the archive that was asked for, where the daemon can', async () => {
    await ask('POST write?file=packed.txt', 'text')
    const pack = (more: object) => ask('POST compress', { root: '/', files: ['packed.txt'], ...more })
    expect((await pack({ name: 'mine', extension: 'zip' })).body.attributes.name).toBe('mine.zip')
    expect((await pack({ name: '', extension: null })).body.attributes.name).toMatch(/^archive-.+\.tar\.gz$/)
    expect((await pack({ name: '../out' })).body.errors[0].code).toBe('DisplayException')
    expect((await pack({ extension: 'rar' })).body.errors[0].meta).toMatchObject({
      source_field: 'extension',
      rule: 'in',
    })
  })
})

describe('sec-30 chmod', () => {
  it.each(['8', '888', '79', '-1', '0x1ff', '07777777', '7777777', 'u+s', '7.5', '', null, [], 10_000])(
    'takes octal digits only: %j',
    async (mode) => {
      const before = reached()
      expect((await ask('POST chmod', { root: '/', files: [{ file: 'a', mode }] })).status).toBe(422)
      expect(reached()).toBe(before)
    },
  )

  it('sends each file by itself, as a path below the server’s root', async () => {
    panel.wings.seen.length = 0
    const files = [
      { file: '/logs/../run.sh', mode: 755 },
      { file: './run.sh', mode: '0644' },
      { file: '//run.sh', mode: 600 },
    ]
    expect((await ask('POST chmod', { root: '/', files })).status).toBe(400)
    expect(reached()).toBe(0)
    expect((await ask('POST chmod', { root: '/', files: files.slice(1) })).status).toBe(204)
    expect(reached()).toBe(2)
  })
})
