import { getHeader, setResponseHeader } from 'h3'
import { currentSession, type Demand, type SessionState } from '#shared/contracts/client/session'
import { findCaller } from '#server/auth/identify'
import { anyone, demandsSecondFactor } from '#server/http/access'
import { isActing } from '#server/http/acting'
import { clientAddress } from '#server/http/address'
import { defineRoute } from '#server/http/define-route'
import { panelAddress } from '#server/http/panel-address'
import { passCookies } from '#server/http/visitor'
import { serializeOffered } from '#server/serializers/client/identity'
import { serializePanel, serializeSignedInUser } from '#server/serializers/client/session-state'
import { describeSession } from '#server/services/account/describe-session'
import { refreshSession } from '#server/services/account/refresh-session'
import { listOffered } from '#server/services/identity-providers/queries'
import { isRegistrationOpen } from '#server/services/account/registration/is-open'
import { getSettings } from '#server/services/settings/current-settings'
import { isSetUp } from '#server/services/setup/is-set-up'
import { version } from '../../../../package.json'

export default defineRoute(currentSession.get, {
  access: anyone('every page begins with it, also those before the sign-in'),
  async handle({ event }): Promise<SessionState> {
    setResponseHeader(event, 'cache-control', 'no-store')
    const settings = await getSettings()
    const panel = serializePanel(settings, { version, isSetUp: await isSetUp() })

    const caller = await findCaller(event, clientAddress(event))
    const described = caller && (await describeSession(caller.person))
    if (!caller || !described) {
      const ways = {
        password: settings.signIn.passwordSignIn,
        registration: await isRegistrationOpen(),
        captcha: settings.signIn.captcha,
        providers: (await listOffered()).map(serializeOffered),
      }
      return { user: null, demands: [], impersonator: null, sign_in: ways, panel }
    }

    const { user, impersonator, expires } = described
    // A session in which somebody acts as another ends when its hour is over.
    if (expires && !isActing(caller.person))
      passCookies(
        event,
        await refreshSession({ expires, cookie: getHeader(event, 'cookie') ?? '', panelAddress: panelAddress(event) }),
      )

    const demands: Demand[] = isActing(caller.person)
      ? []
      : [
          ...(caller.found.mustChangePassword ? (['password-change'] as const) : []),
          ...(demandsSecondFactor(caller.found, settings.signIn.twoFactorLevel) ? (['two-factor'] as const) : []),
        ]
    return {
      user: serializeSignedInUser(user, caller.person),
      demands,
      impersonator: impersonator === null ? null : { username: impersonator },
      sign_in: null,
      panel,
    }
  },
})
