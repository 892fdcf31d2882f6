import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeEggImport } from '#server/serializers/application/egg-import'
import { fetchEggFile } from '#server/services/eggs/fetch-egg-file'
import { previewImport } from '#server/services/eggs/preview-import'
import { eggs } from '#shared/contracts/application/eggs'

export default defineRoute(eggs.previewAddress, {
  access: administrator('eggs', 'write'),
  async handle({ body: { url, nest, egg } }) {
    const file = await fetchEggFile({ address: url })
    const plan = await previewImport({ file, nestId: nest ? String(nest) : null, eggId: egg ? String(egg) : null })
    return serializeEggImport(file, plan)
  },
})
