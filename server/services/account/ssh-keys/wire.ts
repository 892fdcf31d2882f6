/** What SSH writes: fields with their length before them (RFC 4251, section 5). */

export function fieldOf(bytes: Uint8Array | string): Buffer {
  const content = Buffer.from(bytes as Uint8Array)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length)
  return Buffer.concat([length, content])
}

/** A number, which is never negative in a key: a zero goes before a first bit that would say so. */
export function numberOf(magnitude: Uint8Array): Buffer {
  const first = magnitude.findIndex((byte) => byte !== 0)
  const bytes = first < 0 ? Buffer.alloc(0) : Buffer.from(magnitude.subarray(first))
  return fieldOf((bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes)
}

/** Thrown by a reader where the bytes are no key; what it says is told to nobody. */
export class MalformedKey extends Error {}

export class WireReader {
  #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  field(): Buffer {
    if (this.#at + 4 > this.#bytes.length) throw new MalformedKey('A field has no length.')
    const end = this.#at + 4 + this.#bytes.readUInt32BE(this.#at)
    if (end > this.#bytes.length) throw new MalformedKey('A field is longer than the key.')
    const content = this.#bytes.subarray(this.#at + 4, end)
    this.#at = end
    return content
  }

  text(): string {
    return this.field().toString('latin1')
  }

  /** Without the zeros before it. */
  number(): Buffer {
    const bytes = this.field()
    if ((bytes[0] ?? 0) & 0x80) throw new MalformedKey('A number is negative.')
    const first = bytes.findIndex((byte) => byte !== 0)
    if (first < 0) throw new MalformedKey('A number is zero.')
    return bytes.subarray(first)
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw new MalformedKey('Something stands behind the key.')
  }
}
