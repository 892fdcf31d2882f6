import { base32 } from '@better-auth/utils/base32'
import { createOTP } from '@better-auth/utils/otp'

const STEP_S = 30

/** What an authenticator app shows for a secret, so many steps from now. */
export const codeOf = (secret: string, stepsAway = 0): Promise<string> =>
  createOTP(base32.decode(secret)).hotp(Math.floor(Date.now() / 1000 / STEP_S) + stepsAway)
