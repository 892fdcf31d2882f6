import { strict as assert } from 'node:assert'
import { configuration, type Configuration } from './daemon.ts'
import { freePort } from './program.ts'
import type { Session } from './session.ts'
import { numbered } from './trial.ts'

export interface Node {
  nodeId: number
  given: Configuration
}

/** A node of the panel on two free ports of this machine, and what the panel says about it. */
export async function makeNode(
  session: Session,
  { name, locationId }: { name: string; locationId: number },
): Promise<Node> {
  const [listen, sftp] = [await freePort(), await freePort()]
  const node = numbered.parse(
    await session.call('POST /api/application/nodes', {
      name,
      location_id: locationId,
      fqdn: '127.0.0.1',
      scheme: 'http',
      memory: 262_144,
      memory_overallocate: 0,
      disk: 1_048_576,
      disk_overallocate: 0,
      daemon_listen: listen,
      daemon_sftp: sftp,
    }),
  )
  const { id: nodeId } = node.attributes
  const given = await configurationOf(session, nodeId)
  assert.equal(given.remote, session.origin)
  assert.deepEqual([given.api.port, given.system.sftp.bind_port], [listen, sftp])
  return { nodeId, given }
}

export const configurationOf = async (session: Session, nodeId: number): Promise<Configuration> =>
  configuration.parse(await session.call(`GET /api/application/nodes/${nodeId}/configuration`))
