import { anyone } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { checkHealth } from '#server/services/processes/check-health'
import { health } from '#shared/contracts/health'

export default defineRoute(health, {
  access: anyone('a load balancer has no key, and is told nothing but that the panel works'),
  async handle() {
    await checkHealth()
    return { status: 'ok' as const }
  },
})
