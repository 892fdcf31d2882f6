import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, type Plain } from '../envelope'

/** What an authenticator app is given: as a picture or link, and to type. Not in an envelope, as the API has it. */
const pendingFactor = z.object({ data: z.object({ image_url_data: z.string(), secret: z.string() }) })

/** Shown once: each lets in once instead of a code. */
export const recoveryTokens = item('recovery_tokens', z.object({ tokens: z.array(z.string()) }))
export type RecoveryTokens = Plain<z.output<typeof recoveryTokens>>

/** Not asked for where the account has none. Where a factor ends, a missing one counts as a wrong one. */
const password = () => z.string().nullish()

export const enableTwoFactorBody = z.object({ code: z.string().length(6), password: password() })
export type EnableTwoFactorBody = z.output<typeof enableTwoFactorBody>

const passwordBody = z.object({ password: password() })

export const twoFactors = {
  /** Begins anew each time: what was shown before is worth nothing then. */
  begin: endpoint('GET /api/client/account/two-factor', { reply: pendingFactor }),
  enable: endpoint('POST /api/client/account/two-factor', { body: enableTwoFactorBody, reply: recoveryTokens }),
  disable: endpoint('POST /api/client/account/two-factor/disable', { body: passwordBody }),
  /** The same, where it used to be: clients that are in use still send it. */
  remove: endpoint('DELETE /api/client/account/two-factor', { body: passwordBody }),
  // Ours
  /** The old ones end. */
  renewCodes: endpoint('POST /api/client/account/two-factor/recovery-codes', {
    body: passwordBody,
    reply: recoveryTokens,
  }),
}
