import { refusedField } from '#server/errors'
import type { ImageRow } from '#server/database/schema'

type Kind = ImageRow['kind']

/** What is made of each kind: how large at most, and whether it is cut to that or fits into it. */
const SHAPES = {
  avatar: { width: 256, height: 256, fit: 'cover', format: 'webp' },
  server: { width: 256, height: 256, fit: 'cover', format: 'webp' },
  egg: { width: 256, height: 256, fit: 'contain', format: 'webp' },
  logo: { width: 512, height: 512, fit: 'inside', format: 'webp' },
  /** Not every browser takes WebP here. */
  favicon: { width: 180, height: 180, fit: 'contain', format: 'png' },
} as const satisfies Record<Kind, { width: number; height: number; fit: string; format: 'webp' | 'png' }>

/** As large as a photograph is; a few kilobytes can promise a hundred times as much. */
const PIXELS_MAX = 50_000_000
const SECONDS_MAX = 10
const CLEAR = { r: 0, g: 0, b: 0, alpha: 0 }

/** How each readable format begins. The label that came along says nothing. */
const BEGINNINGS: readonly ((bytes: Buffer) => boolean)[] = [
  (bytes) => bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex')),
  (bytes) => bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex')),
  (bytes) => /^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6)),
  (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP',
]

export type Picture = Pick<ImageRow, 'kind' | 'mediaType' | 'bytes' | 'width' | 'height'>

let last: Promise<unknown> = Promise.resolve()

/**
 * Draws what somebody uploaded anew: of the file itself, its texts and its place nothing is kept. One at a time, on one
 * thread. Work for a second, so outside a transaction.
 *
 * @throws {AppError} `request.invalid` at `image`
 */
export function readPicture(kind: Kind, bytes: Buffer): Promise<Picture> {
  const turn = last.then(() => draw(kind, bytes))
  last = turn.catch(() => undefined)
  return turn
}

async function draw(kind: Kind, bytes: Buffer): Promise<Picture> {
  if (!BEGINNINGS.some((begins) => begins(bytes))) throw notAPicture()
  const sharp = await loadSharp()
  const { format, ...shape } = SHAPES[kind]

  const source = sharp(bytes, { limitInputPixels: PIXELS_MAX, pages: 1, failOn: 'error' })
  const { width, height } = await source.metadata().catch((cause: unknown) => {
    throw tooManyPixels(cause) ?? notAPicture(cause)
  })
  if (width * height > PIXELS_MAX) throw pixelsRefused()

  const drawn = source
    .autoOrient()
    .resize({ ...shape, background: CLEAR, withoutEnlargement: shape.fit === 'inside' })
    .timeout({ seconds: SECONDS_MAX })
  const { data, info } = await (format === 'png' ? drawn.png() : drawn.webp({ quality: 85 }))
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw tooManyPixels(cause) ?? notAPicture(cause)
    })

  return { kind, mediaType: `image/${format}`, bytes: data, width: info.width, height: info.height }
}

/** Loaded with the first upload: it takes 30 MB. */
async function loadSharp() {
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  sharp.concurrency(1)
  // The library reads more than pictures, SVG and PDF among it. What does not begin as one of ours never reaches it.
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({
    operation: [
      'VipsForeignLoadPngBuffer',
      'VipsForeignLoadJpegBuffer',
      'VipsForeignLoadNsgifBuffer',
      'VipsForeignLoadWebpBuffer',
    ],
  })
  return sharp
}

const tooManyPixels = (cause: unknown) =>
  cause instanceof Error && /exceeds pixel limit/i.test(cause.message) ? pixelsRefused() : undefined

const pixelsRefused = () => refusedField('image', 'dimensions', 'The image has invalid image dimensions.')

function notAPicture(_cause?: unknown) {
  return refusedField('image', 'image', 'The image must be a picture: PNG, JPEG, WebP or GIF.')
}
