import { OperatorError } from '#server/env/operator-error'
import { UsageError } from '../explain.ts'
import { definePanelCommand } from '../panel-command.ts'

export default definePanelCommand({
  name: 'power',
  description: 'Start, stop, restart or kill servers; those that cannot be are named, and the others go on',
  args: {
    signal: { type: 'enum', required: true, options: ['start', 'stop', 'restart', 'kill'], description: 'What to do' },
    servers: { type: 'string', description: 'Numbers, identifiers or uuids, by commas' },
    node: { type: 'string', description: 'All servers of this node: its number, name or uuid' },
    all: { type: 'boolean', description: 'All servers' },
  },
  check({ signal, servers, node, all }) {
    const named = servers?.split(',').filter(Boolean) ?? []
    if (Number(named.length > 0) + Number(node !== undefined) + Number(all ?? false) !== 1)
      throw new UsageError('Name --servers, or a --node, or --all.')
    return { signal, named, node }
  },
  async work({ signal, named, node }) {
    const [{ powerMany }, { SYSTEM }] = await Promise.all([
      import('#server/services/servers/act-on-many'),
      import('#server/auth/actor'),
    ])
    const servers = await meant(named, node)
    const outcomes = await powerMany({ actor: SYSTEM, signal, ids: servers.map(({ id }) => id) })
    const byId = new Map(servers.map((server) => [server.id, server]))
    return outcomes.map(({ serverId, failure }) => ({
      identifier: byId.get(serverId)?.identifier ?? serverId,
      name: byId.get(serverId)?.name ?? '',
      failure: failure?.message ?? null,
    }))
  },
  tell: (outcomes) => outcomes.map(({ identifier, failure }) => ({ identifier, ok: failure === null, failure })),
  say(outcomes) {
    const failed = outcomes.filter(({ failure }) => failure !== null)
    return [
      `${outcomes.length - failed.length} of ${outcomes.length} took the signal.`,
      ...failed.map(({ identifier, name, failure }) => `${identifier}\t${name}\t${failure}`),
    ].join('\n')
  },
  isDone: (outcomes) => outcomes.every(({ failure }) => failure === null),
})

async function meant(named: readonly string[], node: string | undefined) {
  const [{ findServersNamed }, { findNode }] = await Promise.all([
    import('#server/services/servers/find-servers-named'),
    import('../find-node.ts'),
  ])
  if (named.length === 0)
    return findServersNamed({ nodeId: node === undefined ? undefined : (await findNode(node)).id })

  const found = await findServersNamed({ references: named })
  const known = new Set(found.flatMap(({ id, identifier, uuid }) => [id, identifier, uuid]))
  const unknown = named.filter((reference) => !known.has(reference))
  if (unknown.length > 0) throw new OperatorError(`There is no server ${unknown.join(', ')}.`)
  return found
}
