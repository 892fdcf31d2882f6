export interface Entry {
  /** With slashes, without one at its head. */
  path: string
  bytes: Buffer
  mode: number
}

const BLOCK = 512
const NAME_BYTES = 100

/** Files only: like the archives of Wings it holds no empty folders and no links. */
export function packTar(entries: Entry[]): Buffer {
  const blocks = entries.flatMap(({ path, bytes, mode }) => {
    const isLong = Buffer.byteLength(path) > NAME_BYTES
    const name = Buffer.from(`${path}\0`)
    const longName = isLong ? [header('././@LongLink', name.length, 0o644, 'L'), padded(name)] : []
    return [...longName, header(path, bytes.length, mode, '0'), padded(bytes)]
  })
  return Buffer.concat([...blocks, Buffer.alloc(BLOCK * 2)])
}

function header(path: string, size: number, mode: number, type: string): Buffer {
  const block = Buffer.alloc(BLOCK)
  block.write(path, 0, NAME_BYTES, 'utf8')
  block.write(octal(mode & 0o777, 8), 100)
  block.write(octal(0, 8), 108)
  block.write(octal(0, 8), 116)
  block.write(octal(size, 12), 124)
  block.write(octal(0, 12), 136)
  block.write('        ', 148)
  block.write(type, 156)
  block.write('ustar\0', 257)
  block.write('00', 263)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`

function padded(bytes: Buffer): Buffer {
  const rest = bytes.length % BLOCK
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(BLOCK - rest)])
}

/** @throws {Error} when it is no archive of this kind */
export function unpackTar(archive: Buffer): Entry[] {
  const entries: Entry[] = []
  let longName: string | null = null

  for (let at = 0; at + BLOCK <= archive.length;) {
    const block = archive.subarray(at, at + BLOCK)
    if (block.every((byte) => byte === 0)) return entries
    assertChecksum(block)

    const size = Number.parseInt(textAt(block, 124, 12), 8) || 0
    const bytes = archive.subarray(at + BLOCK, at + BLOCK + size)
    if (bytes.length < size) throw new Error('the archive ends too early')
    const type = String.fromCharCode(block[156] ?? 0)
    const prefix = textAt(block, 345, 155)
    const path = longName ?? [prefix, textAt(block, 0, NAME_BYTES)].filter(Boolean).join('/')

    longName =
      type === 'L'
        ? textAt(bytes, 0, size)
        : type === 'x'
          ? (/\d+ path=(.+)\n/.exec(bytes.toString())?.[1] ?? null)
          : null
    if (type === '0' || type === '\0')
      entries.push({
        path: path.replace(/^\.?\/+/, ''),
        bytes: Buffer.from(bytes),
        mode: Number.parseInt(textAt(block, 100, 8), 8) || 0o644,
      })
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  return entries
}

function textAt(bytes: Buffer, start: number, length: number): string {
  const slice = bytes.subarray(start, start + length)
  const end = slice.indexOf(0)
  return slice.subarray(0, end < 0 ? undefined : end).toString('utf8')
}

function assertChecksum(block: Buffer): void {
  const told = Number.parseInt(textAt(block, 148, 8).trim(), 8)
  const sum = block.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0)
  if (told !== sum) throw new Error('this is no tar archive')
}
