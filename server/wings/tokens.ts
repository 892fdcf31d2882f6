import { createHash, randomBytes } from 'node:crypto'
import { SignJWT } from 'jose'
import { inside } from './inside'

/** How browsers reach a node, and the key of what is signed for it. */
export interface SigningNode {
  /** What the node has in memory now. */
  apiToken: string
  scheme: 'http' | 'https'
  fqdn: string
  daemonListen: number
  /** Where the world connects when something stands in front of the daemon. */
  connectPort: number | null
}

interface Signing {
  node: SigningNode
  /** The panel's own address. */
  panel: string
  server: string
  user: { id: string; uuid: string }
}

type Scope = 'websocket' | 'file-download' | 'file-upload' | 'backup-download' | 'transfer'

const SOCKET_SECONDS = 10 * 60
const LINK_SECONDS = 15 * 60
const EARLIER_SECONDS = 5 * 60

/** Where browsers connect. */
export function publicAddress({ scheme, fqdn, daemonListen, connectPort }: Omit<SigningNode, 'apiToken'>): string {
  const host = fqdn.includes(':') && !fqdn.startsWith('[') ? `[${fqdn}]` : fqdn
  return `${scheme}://${host}:${connectPort ?? daemonListen}`
}

/** The console of one server, for ten minutes. Permissions are in Wings' words: `*` holds none that begin with `admin`. */
export async function signSocket({ permissions, ...signing }: Signing & { permissions: readonly string[] }) {
  const token = await sign('websocket', signing, { permissions }, SOCKET_SECONDS)
  const socket = `${publicAddress(signing.node).replace(/^http/, 'ws')}/api/servers/${signing.server}/ws`
  return { token, socket }
}

/** A link to one file. It opens once. @throws {AppError} `file.path_refused` */
export async function signFileDownload({ file, ...signing }: Signing & { file: string }): Promise<string> {
  return link('file-download', '/download/file', signing, { file_path: inside(file) })
}

/** An address to send files to, as `files` of a form, with `&directory=` added. It opens once, for one request of any number of files. */
export const signFileUpload = (signing: Signing) => link('file-upload', '/upload/file', signing, {})

/** A link to the archive of one backup. It opens once. */
export const signBackupDownload = ({ backup, ...signing }: Signing & { backup: string }) =>
  link('backup-download', '/download/backup', signing, { backup_uuid: backup })

/** What the source of a transfer presents at the target, signed with the target's key. No person stands behind it. */
export function signTransfer({ node, panel, server }: Omit<Signing, 'user'>): Promise<string> {
  const jti = createHash('sha256').update(server).digest('hex')
  return signed('transfer', { node, panel, server, jti }, { sub: server }, LINK_SECONDS)
}

/**
 * The name of everything signed for a person at a server, so that it can be refused later without having kept it. As
 * Pterodactyl computes it: what was signed before an import can be refused after it.
 */
export const tokenName = (userId: string, server: string) =>
  createHash('md5')
    .update(userId + server)
    .digest('hex')

async function link(scope: Scope, path: string, signing: Signing, claims: Record<string, unknown>): Promise<string> {
  return `${publicAddress(signing.node)}${path}?token=${await sign(scope, signing, claims, LINK_SECONDS)}`
}

function sign(scope: Scope, { user, ...signing }: Signing, claims: Record<string, unknown>, seconds: number) {
  // No daemon reads the number any more; whoever else was written for these tokens may.
  const who = { user_uuid: user.uuid, user_id: Number(user.id) }
  return signed(scope, { ...signing, jti: tokenName(user.id, signing.server) }, { ...claims, ...who }, seconds)
}

/** Every claim that either flavour reads, in every token; each ignores what it does not know. Times are whole seconds, or decoding fails. */
async function signed(
  scope: Scope,
  { node, panel, server, jti }: Omit<Signing, 'user'> & { jti: string },
  claims: Record<string, unknown>,
  seconds: number,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000)

  return new SignJWT({
    ...claims,
    iss: panel,
    aud: publicAddress(node),
    jti,
    iat: now,
    nbf: now - EARLIER_SECONDS,
    exp: now + seconds,
    // Wings keeps these for an hour and opens each one once.
    unique_id: randomBytes(12).toString('base64url'),
    server_uuid: server,
    scope,
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', jti })
    .sign(new TextEncoder().encode(node.apiToken))
}
