import { strict as assert } from 'node:assert'
import { z } from 'zod'
import { publishedPortsOf } from '../docker.ts'
import { defineStep as step, type Step } from '../report.ts'
import { deleteServer, INSTALLED_WITHIN_MS, serverMade, STATE_WITHIN_MS, until, type Found } from '../trial.ts'

const placed = z.object({
  attributes: z.object({
    node: z.int(),
    allocation: z.int(),
    relationships: z.object({
      allocations: z.object({ data: z.array(z.object({ attributes: z.object({ id: z.int(), port: z.int() }) })) }),
    }),
  }),
})

/** Where the panel chooses. */
export const placementSteps: Step<Found>[] = [
  step(
    'a server that is placed by the panel is installed, and starts by itself',
    [
      'session',
      'administrator',
      'eggId',
      'locationId',
      'nodeId',
      'allocations',
      'options',
      'uuids',
      'daemon',
      'installedServer',
    ],
    async ({ session, administrator, eggId, locationId, nodeId, allocations, options, uuids, daemon }, note) => {
      const free = allocations[1]?.port
      assert.ok(free, 'an allocation is left')
      const body = {
        name: 'Placed',
        user: administrator.id,
        egg: eggId,
        docker_image: options.gameImage,
        startup: 'sh game.sh {{TRIAL_WORD}}',
        environment: { TRIAL_WORD: 'placed', TRIAL_SECONDS: '1' },
        limits: { memory: 128, swap: 0, disk: 256, io: 500, cpu: 0 },
        feature_limits: { databases: 0, backups: 0, allocations: 0 },
        start_on_completion: true,
      }
      const deploy = { locations: [locationId], dedicated_ip: false, port_range: [`${free}-${free}`] }
      const nowhere = { ...deploy, port_range: ['19999'] }
      const refused = await session.call('POST /api/application/servers', { ...body, deploy: nowhere }).catch(String)
      assert.match(String(refused), /answered 400: NoViableAllocationException/)

      const made = await session.call('POST /api/application/servers?include=allocations', { ...body, deploy })
      const server = serverMade.parse(made).attributes
      uuids.push(server.uuid)
      const { node, relationships } = placed.parse(made).attributes
      const ports = relationships.allocations.data.map(({ attributes }) => attributes.port)
      assert.deepEqual([node, ports], [nodeId, [free]])
      await until('it runs', INSTALLED_WITHIN_MS + STATE_WITHIN_MS, async () =>
        (await daemon.servers()).some(({ uuid, state }) => uuid === server.uuid && state === 'running'),
      )
      assert.deepEqual(await publishedPortsOf(server.uuid), [free])
      note(`port ${free}`)
      await deleteServer(session, server)
    },
  ),
]
