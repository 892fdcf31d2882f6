import { setResponseHeader } from 'h3'
import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerBytes } from '#server/http/reply'
import { exportEgg } from '#server/services/eggs/export-egg'
import { getEgg } from '#server/services/eggs/queries'
import { eggs } from '#shared/contracts/application/eggs'

export default defineRoute(eggs.export, {
  access: administrator('eggs', 'read'),
  async handle({ event, actor, params, query }) {
    const { text, kind, name } = await exportEgg({ actor, egg: await getEgg(params.egg), format: query.format ?? null })
    setResponseHeader(event, 'content-disposition', `attachment; filename="${name}"`)
    answerBytes(event, Buffer.from(text), kind === 'json' ? 'application/json' : 'application/yaml; charset=utf-8')
  },
})
