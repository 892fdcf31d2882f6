import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, list, type Plain } from '../envelope'
import { stamp } from '../fields'
import { nameField } from '../person-fields'

export const sshKey = item(
  'ssh_key',
  z.object({
    name: z.string(),
    /** SHA-256 of the key as SSH sends it: base64 without padding, and without `SHA256:` before it. */
    fingerprint: z.string(),
    /** PEM with CRLF; keys of security devices, for which PEM has no form, as a line of OpenSSH. */
    public_key: z.string(),
    created_at: stamp(),
  }),
)
export type SshKey = Plain<z.output<typeof sshKey>>

/** An RSA key of 16,384 bits with a long comment is far from it. */
const PUBLIC_KEY_MAX = 16_384

export const addSshKeyBody = z.object({
  name: nameField(),
  /** A line of OpenSSH, PEM, or RFC 4716. */
  public_key: z.string().min(1).max(PUBLIC_KEY_MAX),
})
export type AddSshKeyBody = z.output<typeof addSshKeyBody>

export const sshKeys = {
  list: endpoint('GET /api/client/account/ssh-keys', { reply: list(sshKey) }),
  add: endpoint('POST /api/client/account/ssh-keys', { body: addSshKeyBody, reply: sshKey }),
  /** One that is not there is removed already. */
  remove: endpoint('POST /api/client/account/ssh-keys/remove', {
    body: z.object({ fingerprint: z.string().min(1).max(191) }),
  }),
  /** As Pelican has it: one that is not there is 404. */
  removeByPath: endpoint('DELETE /api/client/account/ssh-keys/:fingerprint', {}),
}
