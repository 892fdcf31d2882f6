import { verifySolution } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/sha'
import { z } from 'zod'
import { keyedHashOf } from '#server/database/hash'
import { AppError } from '#server/errors'
import { getSettings } from '#server/services/settings/current-settings'
import { countTry, triesOf } from '#server/services/throttles/count-try'
import { networkOf } from '#server/services/throttles/network-of'
import { captchaSecrets, CHALLENGE_MINUTES } from './create-challenge'

/** Wrong passwords from one network, after which a sign-in there has to be worked for. */
const FAILURES = { tries: 3, seconds: 15 * 60 }

const failuresSubject = (address: string) => keyedHashOf('throttles', `captcha-failures\n${networkOf(address)}`)

export async function noteFailure(address: string): Promise<void> {
  if ((await getSettings()).signIn.captcha === 'after_failures')
    await countTry('captcha-failures', failuresSubject(address), FAILURES)
}

interface PassCaptcha {
  at: 'sign-in' | 'form'
  /** Of the client. */
  address: string
  /** As the browser sent it: the challenge and its solution. */
  given: string | null | undefined
}

/**
 * Lets whoever has done the work through, once for each challenge, wherever it is wanted: in forms whenever the captcha is
 * on, at the sign-in always or after failures. Asked the same of everybody, whatever name was typed.
 *
 * @throws {AppError} `captcha.required`, `captcha.invalid`
 */
export async function passCaptcha({ at, address, given }: PassCaptcha): Promise<void> {
  const { captcha } = (await getSettings()).signIn
  if (captcha === 'off') return
  if (at === 'sign-in' && captcha === 'after_failures') {
    const failures = await triesOf('captcha-failures', failuresSubject(address))
    if (failures < FAILURES.tries) return
  }
  if (!given) throw new AppError('captcha.required')
  if (!(await isWorkedFor(given))) throw new AppError('captcha.invalid')
}

const answer = z.object({
  challenge: z.object({ parameters: z.record(z.string(), z.unknown()), signature: z.string().max(200) }),
  solution: z.object({ counter: z.int(), derivedKey: z.string().max(200) }),
})

async function isWorkedFor(given: string): Promise<boolean> {
  const parsed = answer.safeParse(parsedJson(given))
  if (!parsed.success) return false
  const { challenge, solution } = parsed.data
  const asked = { challenge, solution, deriveKey, ...captchaSecrets() } as unknown as Parameters<
    typeof verifySolution
  >[0]
  // Whatever a stranger put together is wrong, and nothing worse.
  const result = await verifySolution(asked).catch(() => undefined)
  // One without an end, or without a signed solution, is none of ours: the signature says so, and these hold it.
  if (!result?.verified || !challenge.parameters.expiresAt || !challenge.parameters.keySignature) return false

  const subject = keyedHashOf('throttles', `captcha-used\n${challenge.signature}`)
  return (await countTry('captcha-used', subject, { tries: 1, seconds: CHALLENGE_MINUTES * 60 + 60 })) === 0
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
