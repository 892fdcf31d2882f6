import { describe, expect, it } from 'vitest'
import { addressOf, type Bucket } from '#server/object-store/bucket'
import { textOf } from '#server/object-store/xml'
import { planParts } from '#server/services/backups/plan-parts'

const [MIB, GIB] = [1024 ** 2, 1024 ** 3]
const HOUR = 3600

describe('the parts of an archive', () => {
  it.each([
    ['one byte', 1, null, { partSize: 128 * MIB, count: 1 }],
    ['one part to the byte', 128 * MIB, null, { partSize: 128 * MIB, count: 1 }],
    ['a byte more', 128 * MIB + 1, null, { partSize: 128 * MIB, count: 2 }],
    ['smaller parts than a store takes', 50 * MIB, MIB, { partSize: 5 * MIB, count: 10 }],
    ['larger ones', 50 * GIB, 9 * GIB, { partSize: 5 * GIB, count: 10 }],
    ['more parts than a store takes', 100 * GIB, 5 * MIB, { partSize: 11 * MIB, count: 9310 }],
    ['the largest there is', 10_000 * 5 * GIB, null, { partSize: 5 * GIB, count: 10_000 }],
  ])('%s', (_, size, usual, expected) => {
    expect(planParts(size, usual)).toMatchObject(expected)
  })

  it('have addresses that hold for a slow line, at least an hour and at most a week', () => {
    expect(planParts(1, null).seconds).toBeGreaterThanOrEqual(HOUR)
    expect(planParts(100 * GIB, null).seconds).toBeGreaterThan(28 * HOUR)
    expect(planParts(5000 * GIB, null).seconds).toBe(7 * 24 * HOUR)
  })
})

const bucket: Bucket = {
  endpoint: null,
  region: 'eu-central-1',
  bucket: 'backups',
  accessKeyId: 'x',
  secretAccessKey: 'y',
  usesPathStyle: false,
}

describe('where an object is', () => {
  it.each([
    [{}, 'https://backups.s3.eu-central-1.amazonaws.com/a/b'],
    [{ usesPathStyle: true }, 'https://s3.eu-central-1.amazonaws.com/backups/a/b'],
    [{ endpoint: 'https://store.example:9000/' }, 'https://backups.store.example:9000/a/b'],
    [{ endpoint: 'https://store.example/s3', usesPathStyle: true }, 'https://store.example/s3/backups/a/b'],
    // No name can stand in front of an address.
    [{ endpoint: 'http://10.0.0.7:9000' }, 'http://10.0.0.7:9000/backups/a/b'],
    [{ endpoint: 'http://[fd00::7]:9000' }, 'http://[fd00::7]:9000/backups/a/b'],
  ])('%j', (more, expected) => {
    expect(addressOf({ ...bucket, ...more }, 'a/b').href).toBe(expected)
  })
})

it('reads what stores write into XML', () => {
  const xml = '<R xmlns="x"><Bucket>b</Bucket><UploadId>a&amp;b&#x2f;c&#47;&lt;d&gt;&unknown;</UploadId><Key/></R>'
  expect(textOf(xml, 'UploadId')).toBe('a&b/c/<d>&unknown;')
  expect(textOf(xml, 'Key')).toBeUndefined()
})
