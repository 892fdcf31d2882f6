import { done, idOf, type Row } from './row'

/** Of a server: its ports, and with whom it is shared. */
export const NETWORK_AND_USERS: Row[] = [
  // 2.8
  {
    endpoint: 'POST /api/client/servers/:server/network/allocations',
    as: 'owner',
    before: (_, stage) => stage.selfService(),
    answers: 'allocation',
    learns: idOf('added'),
  },
  { endpoint: 'GET /api/client/servers/:server/network/allocations', as: 'owner', answers: 'list of allocation' },
  {
    endpoint: 'POST /api/client/servers/:server/network/allocations/:allocation',
    as: 'owner',
    body: () => ({ notes: 'map' }),
    answers: 'allocation',
  },
  {
    endpoint: 'POST /api/client/servers/:server/network/allocations/:allocation/primary',
    as: 'owner',
    answers: 'allocation',
  },
  {
    endpoint: 'DELETE /api/client/servers/:server/network/allocations/:allocation',
    as: 'owner',
    status: done,
    before: (_, stage) => stage.primaryAgain(),
  },

  // 2.9
  {
    endpoint: 'POST /api/client/servers/:server/users',
    as: 'owner',
    body: () => ({ email: 'carol@example.test', permissions: ['control.console'] }),
    answers: 'server_subuser',
    learns: ({ attributes }, known) => void (known.subuser = attributes.uuid),
  },
  { endpoint: 'GET /api/application/servers/:server', as: 'root', query: 'include=subusers', answers: 'server' },
  { endpoint: 'GET /api/client/servers/:server/users', as: 'owner', answers: 'list of server_subuser' },
  { endpoint: 'GET /api/client/servers/:server/users/:user', as: 'owner', answers: 'server_subuser' },
  {
    endpoint: 'POST /api/client/servers/:server/users/:user',
    as: 'owner',
    body: () => ({ permissions: ['file.read'] }),
    answers: 'server_subuser',
  },
  { endpoint: 'DELETE /api/client/servers/:server/users/:user', as: 'owner', status: done },
]
