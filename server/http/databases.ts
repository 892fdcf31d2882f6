import type { Person } from '#server/auth/actor'
import { serializeDatabaseHost } from '#server/serializers/application/database-host'
import { serializeNode } from '#server/serializers/application/node'
import { serializeIncludedHost, serializeManagedDatabase } from '#server/serializers/application/server-database'
import { serializeIncludedDatabase } from '#server/serializers/application/server-parts'
import { passwordOf } from '#server/serializers/client/database'
import { listOf, NOTHING } from '#server/serializers/envelope'
import { databasesOfHosts, findDatabaseHosts, type DatabaseHostView } from '#server/services/database-hosts/queries'
import type { DatabaseView } from '#server/services/databases/queries'
import { viewNodes } from '#server/services/nodes/node-view'
import { readIncludes } from './includes'

const OF_DATABASES = { password: 'server_databases', host: 'database_hosts' } as const
const OF_HOSTS = { databases: 'server_databases', nodes: 'nodes' } as const

/** Databases of a server with what was asked to be included; what the caller may not read is a null resource. */
export async function answerDatabases(actor: Person, asked: readonly string[], views: readonly DatabaseView[]) {
  const { loaded, denied } = readIncludes(actor, asked, OF_DATABASES)
  const hosts = await findDatabaseHosts(actor, loaded.has('host') ? views.map(({ host }) => host.id) : [])
  return views.map((view) => {
    if (loaded.size + denied.size === 0) return serializeManagedDatabase(view)
    const host = hosts.get(view.host.id)
    return serializeManagedDatabase(view, {
      ...Object.fromEntries([...denied].map((name) => [name, NOTHING])),
      ...(loaded.has('password') && { password: passwordOf(view) }),
      ...(loaded.has('host') && { host: host ? serializeIncludedHost(host) : NOTHING }),
    })
  })
}

export async function answerDatabase(actor: Person, asked: readonly string[], view: DatabaseView) {
  const [answer = serializeManagedDatabase(view)] = await answerDatabases(actor, asked, [view])
  return answer
}

/** Hosts with what was asked to be included. */
export async function answerHosts(actor: Person, asked: readonly string[], views: readonly DatabaseHostView[]) {
  const { loaded, denied } = readIncludes(actor, asked, OF_HOSTS)
  const held = loaded.has('databases')
    ? await databasesOfHosts(
        actor,
        views.map(({ host }) => host.id),
      )
    : undefined
  const nodes = loaded.has('nodes')
    ? await viewNodes(
        actor,
        views.flatMap((view) => view.nodes.map(({ id }) => id)),
      )
    : undefined
  return views.map((view) => {
    if (loaded.size + denied.size === 0) return serializeDatabaseHost(view)
    return serializeDatabaseHost(view, {
      ...Object.fromEntries([...denied].map((name) => [name, NOTHING])),
      ...(held && { databases: listOf((held.get(view.host.id) ?? []).map(serializeIncludedDatabase)) }),
      ...(nodes && {
        nodes: listOf(view.nodes.flatMap(({ id }) => nodes.get(id) ?? []).map((row) => serializeNode(row))),
      }),
    })
  })
}

export async function answerHost(actor: Person, asked: readonly string[], view: DatabaseHostView) {
  const [answer = serializeDatabaseHost(view)] = await answerHosts(actor, asked, [view])
  return answer
}
