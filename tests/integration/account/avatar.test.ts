import { randomBytes, randomUUID } from 'node:crypto'
import { deflateSync, gzipSync } from 'node:zlib'
import { eq } from 'drizzle-orm'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, images, settings, users } from '#server/database/schema'
import { pruneImages } from '#server/services/images/prune-images'
import { makeUser } from '../../support/factories'
import { nobody, request, signedInAs, type Caller } from '../../support/api'

const picture = (width = 300, height = 200) => sharp({ create: { width, height, channels: 3, background: '#6253e0' } })
const png = await picture().png().toBuffer()
const tiff = await picture().tiff().toBuffer()

const upload = (as: Caller, body: Buffer, headers = {}) =>
  request('PUT /api/client/account/avatar', { as, body, headers })
const avatarOf = async (as: Caller): Promise<string | null> =>
  (await request('GET /api/client/account/profile', { as })).body.attributes.avatar

/** A PNG of nothing, as large as it says: thousands of times its own weight. */
function bomb(side: number): Buffer {
  const chunk = (type: string, content: Buffer) => {
    const named = Buffer.concat([Buffer.from(type), content])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(content.length)
    sum.writeUInt32BE(crc32(named))
    return Buffer.concat([length, named, sum])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([1, 0, 0, 0, 0], 8)
  const rows = Buffer.alloc((Math.ceil(side / 8) + 1) * 64)
  const start = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([start, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

function crc32(bytes: Buffer): number {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return (sum ^ 0xffffffff) >>> 0
}

describe('PUT /api/client/account/avatar', () => {
  it('draws the picture anew, square, and keeps nothing else of the file', async () => {
    const user = await makeUser()
    const as = await signedInAs(user)
    const told = await picture()
      .jpeg()
      .withExif({ IFD0: { Copyright: 'told-secretly' } })
      .toBuffer()
    expect(told.includes('told-secretly')).toBe(true)

    expect((await upload(as, told)).status).toBe(204)
    const [row] = await useDrizzle().select().from(images)
    expect(row).toMatchObject({ kind: 'avatar', mediaType: 'image/webp', width: 256, height: 256 })
    expect(row?.bytes.includes('told-secretly')).toBe(false)
    expect((await sharp(row?.bytes).metadata()).format).toBe('webp')
    expect(await avatarOf(as)).toBe(`/api/client/images/${row?.id}`)
    expect((await request('GET /api/client/session', { as })).body.user.avatar).toBe(`/api/client/images/${row?.id}`)
    const [event] = await useDrizzle()
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.action, 'user:account.avatar-changed'))
    expect(event?.actor).toBe(user.id)
  })

  it.each(['png', 'jpeg', 'webp', 'gif'] as const)('takes %s', async (format) => {
    const as = await signedInAs(await makeUser())
    expect((await upload(as, await picture().toFormat(format).toBuffer())).status).toBe(204)
  })

  it('replaces the one before, which nobody can load any more', async () => {
    const as = await signedInAs(await makeUser())
    await upload(as, png)
    const before = await avatarOf(as)
    await upload(as, await picture(50, 50).png().toBuffer())
    expect(await avatarOf(as)).not.toBe(before)
    expect((await request(`GET ${before}`)).status).toBe(404)
  })

  it('is taken away, and initials are back', async () => {
    const as = await signedInAs(await makeUser())
    await upload(as, png)
    const before = await avatarOf(as)
    for (const _ of [1, 2]) expect((await request('DELETE /api/client/account/avatar', { as })).status).toBe(204)
    expect(await avatarOf(as)).toBeNull()
    expect((await request(`GET ${before}`)).status).toBe(404)
  })

  const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)" width="9" height="9"/>'
  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['a text', Buffer.from('hello')],
    ['SVG', Buffer.from(svg)],
    ['HTML', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['a PDF', Buffer.from('%PDF-1.7\n1 0 obj')],
    ['TIFF', tiff],
    ['noise', randomBytes(4096)],
    ['noise that begins like a PNG', Buffer.concat([png.subarray(0, 8), randomBytes(4096)])],
    ['half a PNG', png.subarray(0, png.length / 2)],
    ['noise that begins like a JPEG', Buffer.concat([Buffer.from('ffd8ff', 'hex'), randomBytes(4096)])],
    ['SVG that begins like a GIF', Buffer.from(`GIF89a${svg}`)],
    ['SVG in the clothes of WebP', Buffer.from(`RIFF0000WEBP${svg}`)],
  ])('sec-14 sec-22 refuses %s, whatever it says it is', async (_, bytes) => {
    const as = await signedInAs(await makeUser())
    const reply = await upload(as, bytes, { 'content-type': 'image/png' })
    expect(reply).toMatchObject({ status: 422, body: { errors: [{ meta: { source_field: 'image', rule: 'image' } }] } })
    expect(await avatarOf(as)).toBeNull()
  })

  it('sec-22 refuses a picture that is enormous once it is unpacked', async () => {
    const as = await signedInAs(await makeUser())
    const bytes = bomb(60_000)
    expect(bytes.length).toBeLessThan(10_000)
    expect(await upload(as, bytes)).toMatchObject({
      status: 422,
      body: { errors: [{ meta: { source_field: 'image', rule: 'dimensions' } }] },
    })
  })

  it('refuses what is too heavy, also when it is packed', async () => {
    const as = await signedInAs(await makeUser())
    const heavy = Buffer.concat([png, Buffer.alloc(9 * 1024 * 1024)])
    expect((await upload(as, heavy)).status).toBe(413)
    const packed = await upload(as, gzipSync(heavy), { 'content-encoding': 'gzip' })
    expect(packed.status).toBe(400)
  })

  it('lets one person have twenty drawn in a while', async () => {
    const as = await signedInAs(await makeUser())
    const statuses = []
    for (let index = 0; index < 21; index++) statuses.push((await upload(as, Buffer.from('x'))).status)
    expect(statuses.filter((status) => status === 429)).toHaveLength(1)
  })
})

describe('GET /api/client/images/:image', () => {
  it('is bytes that no browser runs, and that it may keep', async () => {
    const as = await signedInAs(await makeUser())
    await upload(as, png)
    const address = await avatarOf(as)
    const reply = await request(`GET ${address}`, { as: nobody })
    expect(reply.status).toBe(200)
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'content-type': 'image/webp',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, max-age=31536000, immutable',
    })
    expect(reply.headers.get('set-cookie')).toBeNull()

    const again = await request(`GET ${address}`, { headers: { 'if-none-match': reply.headers.get('etag') ?? '' } })
    expect([again.status, again.body]).toEqual([304, undefined])
    expect((await request(`GET ${address}`, { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
  })

  it.each([
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e%2f%2e%2e%2f.env',
    '/etc/passwd',
    '%00',
    'x.png',
    '%252e%252e%252fpackage.json',
    'C:%5Cwindows%5Cwin.ini',
    'file:%2f%2f%2fetc%2fpasswd',
    '__proto__',
    'a'.repeat(5000),
    "';select 1--",
    randomUUID(),
  ])('sec-01 answers 404 to %s', async (name) => {
    const reply = await request(`GET /api/client/images/${name}`)
    expect([404, 405]).toContain(reply.status)
    expect(JSON.stringify(reply.body)).not.toMatch(/root:|APP_SECRET/)
  })
})

describe('pruneImages', () => {
  it('takes away what nobody refers to, once it is a day old', async () => {
    const db = useDrizzle()
    const make = (createdAt: string) =>
      db
        .insert(images)
        .values({ kind: 'avatar', mediaType: 'image/png', bytes: png, sha256: 'x', width: 1, height: 1, createdAt })
        .returning()
    const old = new Date(Date.now() - 2 * 86_400_000).toISOString()
    const [[worn], [logo], [left], [fresh]] = [
      await make(old),
      await make(old),
      await make(old),
      await make(new Date().toISOString()),
    ]
    await makeUser({ image: worn?.id })
    await db.insert(settings).values({ key: 'panel.logo', value: JSON.stringify(logo?.id) })

    await pruneImages()
    const kept = (await db.select({ id: images.id }).from(images)).map(({ id }) => id)
    expect(kept).toEqual(expect.arrayContaining([worn?.id, logo?.id, fresh?.id]))
    expect(kept).not.toContain(left?.id)
    expect(await db.$count(users, eq(users.image, worn?.id ?? ''))).toBe(1)
  })
})
