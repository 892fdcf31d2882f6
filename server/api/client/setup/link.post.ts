import { setup } from '#shared/contracts/client/setup'
import { anyone } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { checkSetupLink } from '#server/services/setup/complete-setup'

export default defineRoute(setup.check, {
  access: anyone('the link that the terminal shows is the key; closed once there is a user'),
  async handle({ body }) {
    const { name, fixedAddress } = await checkSetupLink({ token: body.token })
    return { name, fixed_address: fixedAddress }
  },
})
