import { getHeader, getRouterParam } from 'h3'
import { AppError } from '#server/errors'
import { findBackupOfNode, type BackupOfNode, type Reported } from '#server/services/backups/find-backup'
import { findNodeByToken } from '#server/services/nodes/find-node'
import { noteCall } from '#server/services/nodes/note-call'
import { findServerOfNode, type AlsoAtHome } from '#server/services/servers/find-server'
import type { ServerRow, WingsNodeRow } from '#server/database/schema'
import { admitting, type Guard } from './define-route'

/** What a node may name in a path, and how it is found among that node's own. */
const ofNode = { server: findServerOfNode, backup: findBackupOfNode }

/**
 * The caller is a node, presenting `<token id>.<token>`; what its path names is its own, or does not exist.
 * No header 401 · not two parts 400 · unknown or wrong 403 · not its own 404.
 */
export function fromNode(): Guard<{ node: WingsNodeRow }>
export function fromNode(kind: 'server', also?: AlsoAtHome): Guard<{ node: WingsNodeRow; server: ServerRow }>
export function fromNode(kind: 'backup', also?: Reported): Guard<{ node: WingsNodeRow; backup: BackupOfNode }>
export function fromNode(kind?: keyof typeof ofNode, also?: AlsoAtHome & Reported): Guard<{ node: WingsNodeRow }> {
  return admitting({ who: 'node' }, async (event) => {
    const header = getHeader(event, 'authorization')
    if (!header) throw new AppError('node.credentials_missing')
    const [, identifier, token] = /^Bearer ([^.\s]+)\.([^.\s]+)$/.exec(header) ?? []
    if (!identifier || !token) throw new AppError('node.credentials_malformed')

    const held = await findNodeByToken(identifier, token)
    if (!held) throw new AppError('node.not_authorized')
    const { node, isPrevious } = held
    noteCall({ node, isPrevious, userAgent: getHeader(event, 'user-agent') ?? '' })
    if (!kind) return { node }

    const own = await ofNode[kind](node, getRouterParam(event, kind) ?? '', also)
    if (!own) throw new AppError('resource.not_found')
    return { node, [kind]: own }
  })
}
