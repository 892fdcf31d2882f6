import { inject } from 'vitest'
import { makeDatabaseHost } from '../support/factories'

/** The PostgreSQL of the tests, as a host on which servers of this node get databases. */
export async function makeReachableHost(nodeId: string): Promise<number> {
  const { hostname, port, username, password } = new URL(inject('templateUrl'))
  const host = await makeDatabaseHost({
    nodeIds: [nodeId],
    engine: 'postgresql',
    host: hostname,
    port: Number(port),
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
  })
  return Number(host.id)
}
