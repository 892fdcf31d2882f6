import { randomBytes } from 'node:crypto'
import type { SftpGrant } from '../server/contracts/remote.ts'
import type { Daemon } from './daemon.ts'
import { list, parseJson, struct, text } from './decode.ts'
import { PanelRefusal } from './panel-client.ts'

const USER_NAME = /^(.+)\.([a-z0-9]{8})$/i

export interface SftpSignIn {
  /** `<user name>.<first eight characters of the server's uuid>` */
  username: string
  password: string
  type?: 'password' | 'public_key'
  ip?: string
}

const grant = struct({ server: text, user: text, permissions: list(text) })

/**
 * One try of somebody who signs in over SFTP. Null where Wings turns him away: without asking, when the name has not
 * its form, or because the panel answered with any 4xx.
 *
 * @throws {Error} when the panel stayed silent or kept failing for half a minute
 */
export async function signInToSftp(
  daemon: Daemon,
  { username, password, type = 'password', ip = '198.51.100.7:51234' }: SftpSignIn,
): Promise<SftpGrant | null> {
  if (!USER_NAME.test(username)) return null
  const session = {
    session_id: randomBytes(20).toString('base64'),
    client_version: Buffer.from('SSH-2.0-OpenSSH_9.6').toString('base64'),
  }
  try {
    return grant(parseJson(await daemon.panel.post('/sftp/auth', { type, username, password, ip, ...session })), '')
  } catch (error) {
    if (error instanceof PanelRefusal && error.status < 500) return null
    throw error
  }
}
