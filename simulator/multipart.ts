export interface Part {
  field: string
  fileName: string | null
  bytes: Buffer
}

/** The parts of a `multipart/form-data` body; null when it is none. */
export function readMultipart(contentType: string, body: Buffer): Part[] | null {
  const [, quoted, plain] = /^multipart\/form-data\s*;.*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? []
  const boundary = quoted ?? plain
  if (!boundary) return null

  const delimiter = Buffer.from(`--${boundary}`)
  const parts: Part[] = []
  let at = body.indexOf(delimiter)
  while (at >= 0) {
    const start = at + delimiter.length + 2
    const next = body.indexOf(delimiter, start)
    if (next < 0) break
    const part = partOf(body.subarray(start, next - 2))
    if (part) parts.push(part)
    at = next
  }
  return parts
}

function partOf(bytes: Buffer): Part | null {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd < 0) return null
  const head = bytes.subarray(0, headEnd).toString('utf8')
  const [, field] = /\bname="([^"]*)"/.exec(head) ?? []
  if (field === undefined) return null

  const [, fileName] = /\bfilename="([^"]*)"/.exec(head) ?? []
  return { field, fileName: fileName ?? null, bytes: bytes.subarray(headEnd + 4) }
}
