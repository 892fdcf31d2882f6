import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/browser'
import type { CeremonyAnswer } from '#shared/contracts/client/passkeys'

/** Browsers offer passkeys to named hosts over https, and to the machine itself. */
export function canUsePasskeys(): boolean {
  const isNumbered = /^[\d.]+$|^\[/.test(window.location.hostname)
  return window.isSecureContext && 'PublicKeyCredential' in window && !isNumbered
}

/** Has the browser make a passkey. Undefined when its owner thinks better of it, or lets the time run out. */
export async function makePasskey(options: object): Promise<CeremonyAnswer | undefined> {
  const { startRegistration } = await import('@simplewebauthn/browser')
  const optionsJSON = options as PublicKeyCredentialCreationOptionsJSON
  return startRegistration({ optionsJSON }).then(answerOf, unlessRefused)
}

/** Has the browser prove that its owner holds a passkey. Undefined as above. */
export async function showPasskey(options: object): Promise<CeremonyAnswer | undefined> {
  const { startAuthentication } = await import('@simplewebauthn/browser')
  const optionsJSON = options as PublicKeyCredentialRequestOptionsJSON
  return startAuthentication({ optionsJSON }).then(answerOf, unlessRefused)
}

const answerOf = (answer: RegistrationResponseJSON | AuthenticationResponseJSON): CeremonyAnswer => ({
  ...answer,
  response: { ...answer.response },
})

/** Browsers do not tell a cancelled dialog from one that nobody answered, or from an authenticator that has nothing to offer. */
function unlessRefused(error: unknown): undefined {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'AbortError' || name === 'InvalidStateError') return undefined
  throw error
}
