import { strict as assert } from 'node:assert'
import { join } from 'node:path'
import { z } from 'zod'
import { openConsole, status } from '../console-socket.ts'
import { startDaemon, type Daemon } from '../daemon.ts'
import { createNetwork } from '../docker.ts'
import { makeNode } from '../node.ts'
import { defineStep as step, type Step } from '../report.ts'
import type { Session } from '../session.ts'
import { power, STATE_WITHIN_MS, until, type Found, type Server } from '../trial.ts'

const PORTS = ['30001']
const MOVED_WITHIN_MS = 120_000

const allocations = z.object({ data: z.array(z.object({ attributes: z.object({ id: z.int(), port: z.int() }) })) })
const latest = z.object({ attributes: z.object({ status: z.string(), reason: z.string().nullable() }) })
const whereabouts = z.object({ attributes: z.object({ node: z.int() }) })

const nodeOf = async (session: Session, { id }: Server): Promise<number> =>
  whereabouts.parse(await session.call(`GET /api/application/servers/${id}`)).attributes.node

const transferOf = ({ id }: Server) => `/api/application/servers/${id}/transfer`

async function outcomeOf(session: Session, server: Server): Promise<{ status: string; reason: string | null }> {
  let seen = { status: 'unknown', reason: null as string | null }
  await until('the transfer is over', MOVED_WITHIN_MS, async () => {
    seen = latest.parse(await session.call(`GET ${transferOf(server)}`)).attributes
    return seen.status !== 'requested' && seen.status !== 'running'
  })
  return seen
}

/** A second daemon beside the first, and a server that goes there and back. It is off in between. */
export const transferSteps: Step<Found>[] = [
  step('a second node with its daemon', ['session', 'options', 'folder', 'locationId'], async (found) => {
    const { session, locationId } = found
    const node = await makeNode(session, { name: 'Target', locationId })
    const path = `/api/application/nodes/${node.nodeId}/allocations`
    await session.call(`POST ${path}`, { ip: '127.0.0.1', ports: PORTS })
    const [port] = allocations.parse(await session.call(`GET ${path}`)).data
    assert.ok(port)
    const network = await createNetwork(`xyra-trial-${process.pid}-b`)
    const target = { ...node, network, allocation: port.attributes }
    return { target, targetDaemon: await bootTarget(found, target) }
  }),

  step(
    'a transfer whose target dies on the way fails, and the server stays',
    ['session', 'installedServer', 'target', 'targetDaemon', 'nodeId', 'options', 'folder', 'daemon'],
    async (found, note) => {
      const { session, installedServer: server, target, nodeId } = found
      const files = `/api/client/servers/${server.identifier}/files`
      const noise = Buffer.alloc(24 * 1024 * 1024, 'noise of a server that takes its time to travel ')
      for (const name of ['1', '2', '3']) await session.text(`POST ${files}/write?file=%2F${name}.bin`, String(noise))
      await session.call(`POST ${transferOf(server)}`, { node_id: target.nodeId, allocation_id: target.allocation.id })
      await found.targetDaemon.program.kill()
      const { status: end, reason } = await outcomeOf(session, server)
      assert.equal(end, 'failed')
      note(String(reason))
      assert.equal(await nodeOf(session, server), nodeId)
      await session.call(`POST ${files}/delete`, { root: '/', files: ['1.bin', '2.bin', '3.bin'] })
      return { targetDaemon: await bootTarget(found, target) }
    },
  ),

  step(
    'a server travels to the second daemon, files and all',
    ['session', 'installedServer', 'target', 'targetDaemon', 'daemon', 'options', 'folder'],
    async ({ session, installedServer: server, target, targetDaemon, daemon }) => {
      const files = `/api/client/servers/${server.identifier}/files`
      await session.text(`POST ${files}/write?file=%2Ftravels.txt`, 'far')
      await session.call(`POST ${transferOf(server)}`, { node_id: target.nodeId, allocation_id: target.allocation.id })
      const { status: end, reason } = await outcomeOf(session, server)
      assert.equal(end, 'succeeded', `the transfer ended as ${end}: ${reason}`)
      assert.equal(await nodeOf(session, server), target.nodeId)
      assert.equal(await session.text(`GET ${files}/contents?file=%2Ftravels.txt`), 'far')
      const holds = async (of: Daemon) => (await of.servers()).some(({ uuid }) => uuid === server.uuid)
      assert.ok(await holds(targetDaemon), 'the second daemon has it')
      await until('the first daemon has forgotten it', 2 * STATE_WITHIN_MS, async () => !(await holds(daemon)))
      const console = await openConsole(session, server.identifier)
      await power(session, server, 'start')
      await console.wait(status('running'), 'the state running', STATE_WITHIN_MS)
      await power(session, server, 'kill')
      await console.wait(status('offline'), 'the state offline', STATE_WITHIN_MS)
      console.close()
    },
  ),

  step(
    'and back again',
    ['session', 'installedServer', 'target', 'targetDaemon', 'daemon', 'nodeId', 'allocations'],
    async ({ session, installedServer: server, targetDaemon, nodeId, allocations: ports }) => {
      await session.call(`POST ${transferOf(server)}`, { node_id: nodeId, allocation_id: ports[0]?.id })
      const { status: end, reason } = await outcomeOf(session, server)
      assert.equal(end, 'succeeded', `the transfer ended as ${end}: ${reason}`)
      assert.equal(await nodeOf(session, server), nodeId)
      await until('the second daemon has forgotten it', 2 * STATE_WITHIN_MS, async () =>
        (await targetDaemon.servers()).every(({ uuid }) => uuid !== server.uuid),
      )
      await targetDaemon.stop()
    },
  ),
]

function bootTarget(
  { options: { binary, flavour }, folder }: Required<Pick<Found, 'options' | 'folder'>>,
  { given, network }: { given: Found['given'] & object; network: Found['network'] & object },
): Promise<Daemon> {
  return startDaemon({ binary, flavour, given, network, folder: join(folder, 'target') })
}
