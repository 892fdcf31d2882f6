import { nodeBody } from './nodes'
import { done, type Row } from './row'

/** The way back: what was made is taken away again. */
export const TAKEN_AWAY: Row[] = [
  // 3.5, 12
  {
    endpoint: 'POST /api/application/servers/:server/reinstall',
    as: 'root',
    status: done,
    before: (_, stage) => stage.settled(),
  },
  {
    endpoint: 'POST /api/application/servers/:server/transfer',
    as: 'root',
    status: done,
    before: async (known, stage) => {
      await stage.settled()
      known.targetAllocation = await stage.freeAllocation()
    },
    body: ({ targetNode, targetAllocation }) => ({ node_id: targetNode, allocation_id: targetAllocation }),
  },
  { endpoint: 'POST /api/application/servers/:server/transfer/cancel', as: 'root', status: done },
  {
    endpoint: 'DELETE /api/application/servers/:server',
    as: 'root',
    status: done,
    before: (_, stage) => stage.settled(),
  },
  {
    endpoint: 'DELETE /api/application/servers/:server/force',
    as: 'root',
    status: done,
    before: (known, stage) => stage.anotherServer(known),
  },
  { endpoint: 'DELETE /api/application/database-hosts/:databaseHost', as: 'root', status: done },
  { endpoint: 'DELETE /api/application/users/:user', as: 'root', status: done },
  { endpoint: 'DELETE /api/application/nodes/:node/allocations/:allocation', as: 'root', status: done },
  {
    endpoint: 'PATCH /api/application/nodes/:node',
    as: 'root',
    body: (known) => nodeBody(known),
    answers: 'node',
  },
  { endpoint: 'DELETE /api/application/nodes/:node', as: 'root', status: done },
  { endpoint: 'DELETE /api/application/locations/:location', as: 'root', status: done },
]
