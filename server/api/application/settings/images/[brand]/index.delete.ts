import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { changeBrandImage } from '#server/services/settings/change-brand-image'
import { settings, type BrandImage } from '#shared/contracts/application/settings'

export default defineRoute(settings.removeImage, {
  access: administrator('settings', 'write'),
  handle: ({ actor, params }) => changeBrandImage({ actor, brand: params.brand as BrandImage, bytes: null }),
})
