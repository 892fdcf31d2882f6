import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { readBytes } from '#server/http/input'
import { serializeEggImport } from '#server/serializers/application/egg-import'
import { readEggFile } from '#server/services/eggs/format/read-egg-file'
import { previewImport } from '#server/services/eggs/preview-import'
import { eggs } from '#shared/contracts/application/eggs'

export default defineRoute(eggs.previewImport, {
  access: administrator('eggs', 'write'),
  async handle({ event, query }) {
    const file = readEggFile(await readBytes(event))
    return serializeEggImport(
      file,
      await previewImport({
        file,
        nestId: query.nest ? String(query.nest) : null,
        eggId: query.egg ? String(query.egg) : null,
      }),
    )
  },
})
