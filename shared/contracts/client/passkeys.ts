import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, list, type Plain } from '../envelope'
import { stamp } from '../fields'

export const PASSKEY_NAME_MAX = 60

export const passkey = item(
  'passkey',
  z.object({
    id: z.string(),
    name: z.string(),
    /** Kept by an account of its owner's, so that other devices have it too. */
    is_synced: z.boolean(),
    created_at: stamp().nullable(),
    last_used_at: stamp().nullable(),
  }),
)
export type Passkey = Plain<z.output<typeof passkey>>

const name = () => z.string().trim().min(1).max(PASSKEY_NAME_MAX)

/** As WebAuthn has it in JSON: what a browser takes, and what it answers. The library reads it, nobody else. */
export const ceremonyOptions = z.object({ options: z.record(z.string(), z.unknown()) })
const ceremonyAnswer = z.looseObject({
  id: z.string().min(1).max(2048),
  response: z.looseObject({ clientDataJSON: z.string().max(16_384) }),
})

export const beginPasskeyBody = z.object({ password: z.string().nullish() })
export const registerPasskeyBody = z.object({ name: name(), response: ceremonyAnswer })
export const renamePasskeyBody = z.object({ name: name() })
export const passkeySignInBody = z.object({ response: ceremonyAnswer })
export type CeremonyAnswer = z.output<typeof ceremonyAnswer>

export const passkeys = {
  list: endpoint('GET /api/client/account/passkeys', { reply: list(passkey) }),
  /** Takes the password, where the account has one. */
  begin: endpoint('POST /api/client/account/passkeys/options', { body: beginPasskeyBody, reply: ceremonyOptions }),
  register: endpoint('POST /api/client/account/passkeys', { body: registerPasskeyBody, reply: passkey }),
  rename: endpoint('PATCH /api/client/account/passkeys/:passkey', { body: renamePasskeyBody, reply: passkey }),
  remove: endpoint('DELETE /api/client/account/passkeys/:passkey', {}),
}
