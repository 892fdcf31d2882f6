import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerEggInFull } from '#server/http/eggs'
import { readBytes } from '#server/http/input'
import { importEgg } from '#server/services/eggs/import-egg'
import { readEggFile } from '#server/services/eggs/format/read-egg-file'
import { eggs } from '#shared/contracts/application/eggs'

export default defineRoute(eggs.import, {
  access: administrator('eggs', 'write'),
  async handle({ event, actor, query, url }) {
    const file = readEggFile(await readBytes(event))
    const row = await importEgg({
      actor,
      file,
      nestId: query.nest ? String(query.nest) : null,
      eggId: query.egg ? String(query.egg) : null,
      eggHash: query.egg_hash,
    })
    return {
      ...(await answerEggInFull(actor, [], row)),
      meta: { resource: `${url.origin}/api/application/eggs/${row.id}` },
    }
  },
})
