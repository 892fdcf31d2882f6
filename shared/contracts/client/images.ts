import { z } from 'zod'
import { endpoint } from '../endpoint'

/** What an upload may weigh. What is kept of it is drawn anew, and small. */
export const IMAGE_MAX_BYTES = 8 * 1024 * 1024

/** The formats that are taken, as a file dialog wants them. */
export const IMAGE_TYPES = 'image/png,image/jpeg,image/webp,image/gif'

export const images = {
  /** Bytes. Open to whoever knows the address: a logo is on the page on which one signs in. */
  get: endpoint('GET /api/client/images/:image', { params: z.object({ image: z.uuid() }) }),
}
