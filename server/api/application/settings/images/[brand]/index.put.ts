import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { readBytes } from '#server/http/input'
import { changeBrandImage } from '#server/services/settings/change-brand-image'
import { settings, type BrandImage } from '#shared/contracts/application/settings'
import { IMAGE_MAX_BYTES } from '#shared/contracts/client/images'

export default defineRoute(settings.changeImage, {
  access: administrator('settings', 'write'),
  async handle({ event, actor, params }) {
    await changeBrandImage({
      actor,
      brand: params.brand as BrandImage,
      bytes: await readBytes(event, IMAGE_MAX_BYTES),
    })
  },
})
