import { getHeader, setResponseHeaders, setResponseStatus } from 'h3'
import { AppError } from '#server/errors'
import { anyone } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerBytes } from '#server/http/reply'
import { findImage } from '#server/services/images/find-image'
import { images } from '#shared/contracts/client/images'

export default defineRoute(images.get, {
  access: anyone('the logo is shown before anybody signs in, and no address can be guessed'),
  async handle({ event, params }) {
    const image = await findImage(params.image)
    if (!image) throw new AppError('resource.not_found')

    const etag = `"${image.sha256}"`
    const isKnown = getHeader(event, 'if-none-match') === etag
    if (isKnown) setResponseStatus(event, 304)
    answerBytes(event, isKnown ? Buffer.alloc(0) : image.bytes, image.mediaType)
    setResponseHeaders(event, {
      etag,
      'cache-control': 'private, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    })
  },
})
