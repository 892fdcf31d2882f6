import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerEggInFull } from '#server/http/eggs'
import { fetchEggFile } from '#server/services/eggs/fetch-egg-file'
import { importEgg } from '#server/services/eggs/import-egg'
import { eggs } from '#shared/contracts/application/eggs'

export default defineRoute(eggs.importAddress, {
  access: administrator('eggs', 'write'),
  async handle({ actor, body: { url: address, hash, egg_hash: eggHash, nest, egg }, url }) {
    const row = await importEgg({
      actor,
      file: await fetchEggFile({ address, hash }),
      nestId: nest ? String(nest) : null,
      eggId: egg ? String(egg) : null,
      eggHash,
    })
    return {
      ...(await answerEggInFull(actor, [], row)),
      meta: { resource: `${url.origin}/api/application/eggs/${row.id}` },
    }
  },
})
