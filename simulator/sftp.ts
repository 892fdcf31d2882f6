import { randomBytes } from 'node:crypto'
import type { SftpGrant } from '../server/contracts/remote.ts'
import type { Daemon } from './daemon.ts'
import { list, parseJson, struct, text } from './decode.ts'
import { PanelRefusal } from './panel-client.ts'
import type { GameServer } from './server.ts'

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

/** One open connection. What it may is what it was granted when it began, whatever became of that since. */
export class SftpSession {
  readonly grant: SftpGrant
  isOpen = true

  #daemon: Daemon
  #server: GameServer

  constructor(daemon: Daemon, server: GameServer, grant: SftpGrant) {
    this.grant = grant
    this.#daemon = daemon
    this.#server = server
    daemon.signal.addEventListener('abort', this.close)
    server.on('revoked', this.#revoke)
  }

  /** `file.read`, `file.update`, … */
  may(permission: string): boolean {
    const isHeld = this.grant.permissions.includes('*') || this.grant.permissions.includes(permission)
    const isBusy = this.#daemon.flavour === 'pelican' && this.#server.busyWith !== null
    return this.isOpen && isHeld && !this.#server.isSuspended && !isBusy
  }

  close = (): void => {
    this.isOpen = false
    this.#server.off('revoked', this.#revoke)
  }

  /** Pterodactyl closes none: not when its server is deleted, and there is no call for it. */
  #revoke = (_reason: string, user?: string): void => {
    if (this.#daemon.flavour === 'pterodactyl') return
    if (user === undefined || user === this.grant.user) this.close()
  }
}

/** Signs in and stays. Null where somebody is turned away. @throws {Error} where the node does not have the server: there it hangs */
export async function openSftp(daemon: Daemon, signIn: SftpSignIn): Promise<SftpSession | null> {
  const granted = await signInToSftp(daemon, signIn)
  if (!granted) return null
  const server = daemon.find(granted.server)
  if (!server) throw new Error(`the simulated node has no server ${granted.server}`)
  return new SftpSession(daemon, server, granted)
}
