import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Entry } from './tar.ts'

const LOCAL = 0x04_03_4b_50
const CENTRAL = 0x02_01_4b_50
const END = 0x06_05_4b_50
const UTF8_NAMES = 0x08_00
const DEFLATED = 8

export function packZip(entries: Entry[]): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0

  for (const { path, bytes, mode } of entries) {
    const name = Buffer.from(path)
    const packed = deflateRawSync(bytes)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(UTF8_NAMES, 2)
    common.writeUInt16LE(DEFLATED, 4)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(bytes.length, 18)
    common.writeUInt16LE(name.length, 22)

    const local = Buffer.concat([uint32(LOCAL), common, name, packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE((((mode & 0o777) | 0o100_000) << 16) >>> 0, 6)
    tail.writeUInt32LE(offset, 10)
    centrals.push(Buffer.concat([uint32(CENTRAL), Buffer.from([20, 3]), common, tail, name]))
    locals.push(local)
    offset += local.length
  }

  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...locals, directory, uint32(END), end])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** @throws {Error} when it is no zip, or a damaged one */
export function unpackZip(archive: Buffer): Entry[] {
  const end = archive.lastIndexOf(uint32(END))
  if (end < 0) throw new Error('this is no zip archive')
  const count = archive.readUInt16LE(end + 10)
  const entries: Entry[] = []
  let at = archive.readUInt32LE(end + 16)

  for (let index = 0; index < count; index += 1) {
    if (archive.readUInt32LE(at) !== CENTRAL) throw new Error('the zip archive is damaged')
    const nameLength = archive.readUInt16LE(at + 28)
    const path = archive.subarray(at + 46, at + 46 + nameLength).toString('utf8')
    if (!path.endsWith('/')) entries.push({ path, ...contentAt(archive, at) })
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
  return entries
}

function contentAt(archive: Buffer, at: number): { bytes: Buffer; mode: number } {
  const method = archive.readUInt16LE(at + 10)
  const packedLength = archive.readUInt32LE(at + 20)
  const local = archive.readUInt32LE(at + 42)
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
  const packed = archive.subarray(start, start + packedLength)
  const bytes = method === DEFLATED ? inflateRawSync(packed) : Buffer.from(packed)
  if (crc32(bytes) !== archive.readUInt32LE(at + 16)) throw new Error('the zip archive is damaged')
  return { bytes, mode: (archive.readUInt32LE(at + 38) >>> 16) & 0o777 || 0o644 }
}
