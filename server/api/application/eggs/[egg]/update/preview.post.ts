import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeEggImport } from '#server/serializers/application/egg-import'
import { previewUpdate } from '#server/services/eggs/check-updates'
import { getEgg } from '#server/services/eggs/queries'
import { eggs } from '#shared/contracts/application/eggs'

export default defineRoute(eggs.previewUpdate, {
  access: administrator('eggs', 'write'),
  async handle({ params }) {
    const { file, plan } = await previewUpdate(await getEgg(params.egg))
    return serializeEggImport(file, plan)
  },
})
