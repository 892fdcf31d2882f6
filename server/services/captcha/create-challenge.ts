import { createChallenge as create, randomInt, type Challenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/sha'
import { keyedHashOf } from '#server/database/hash'
import { takeAttempt } from '#server/services/throttles/take-attempt'

export const CHALLENGE_MINUTES = 5

/** Rounds of SHA-256 for one guess, and how many guesses it takes: half a second in a browser, two on a slow phone. */
const ROUNDS = 1000
const GUESSES = { from: 100, to: 300 }

export const captchaSecrets = () => ({
  hmacSignatureSecret: keyedHashOf('captcha', 'challenge'),
  hmacKeySignatureSecret: keyedHashOf('captcha', 'solution'),
})

/** Work for a browser, signed, so that nothing has to be kept of it. @throws {AppError} `sign_in.locked` */
export async function createChallenge({ address }: { address: string }): Promise<Challenge> {
  await takeAttempt({ bucket: 'captcha', name: '', address })
  return create({
    algorithm: 'SHA-256',
    cost: ROUNDS,
    counter: randomInt(GUESSES.from, GUESSES.to),
    deriveKey,
    expiresAt: new Date(Date.now() + CHALLENGE_MINUTES * 60_000),
    ...captchaSecrets(),
  })
}
