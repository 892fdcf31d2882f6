import { done, idOf, made, type Row } from './row'

const limits = { memory: 512, swap: 0, disk: 1024, io: 500, cpu: 100 }
const features = { databases: 4, backups: 5, allocations: 4 }

const userBody = (more: object = {}) => ({
  email: 'made@example.test',
  username: 'made',
  first_name: 'Ada',
  last_name: 'Lovelace',
  external_id: 'billing-7',
  ...more,
})

/** The administration: users and servers. */
export const PEOPLE_AND_SERVERS: Row[] = [
  // 3.1
  {
    endpoint: 'POST /api/application/users',
    as: 'root',
    status: made,
    body: () => userBody(),
    answers: 'user',
    beside: ['meta.resource'],
    learns: idOf('madeUser'),
  },
  { endpoint: 'GET /api/application/users', as: 'root', query: 'include=servers', answers: 'list of user' },
  { endpoint: 'GET /api/application/users/:user', as: 'root', query: 'include=servers', answers: 'user' },
  { endpoint: 'GET /api/application/users/external/:external', as: 'root', answers: 'user' },
  {
    endpoint: 'PATCH /api/application/users/:user',
    as: 'root',
    body: () => userBody({ last_name: 'Byron' }),
    answers: 'user',
  },

  // 3.5
  {
    endpoint: 'POST /api/application/servers',
    as: 'root',
    status: made,
    query: 'include=allocations',
    body: ({ ownerId, egg, image, startup, allocation }) => ({
      name: 'Survival',
      user: ownerId,
      egg,
      docker_image: image,
      startup,
      environment: { MOTD: 'welcome' },
      limits,
      feature_limits: features,
      allocation: { default: allocation },
      external_id: 'billing-7',
    }),
    answers: 'server',
    learns: ({ attributes }, known) => {
      known.managed = attributes.id
      known.server = attributes.identifier
      known.uuid = attributes.uuid
    },
  },
  {
    endpoint: 'GET /api/application/servers',
    as: 'root',
    before: (_, stage) => stage.settled(),
    query: 'include=allocations,user,subusers,nest,egg,variables,location,node,databases',
    answers: 'list of server',
  },
  {
    endpoint: 'GET /api/application/servers/:server',
    as: 'root',
    query: 'include=allocations,user,subusers,nest,egg,variables,location,node,databases',
    answers: 'server',
  },
  { endpoint: 'GET /api/application/servers/external/:external', as: 'root', answers: 'server' },
  {
    endpoint: 'PATCH /api/application/servers/:server/details',
    as: 'root',
    body: ({ ownerId }) => ({ name: 'Survival', user: ownerId, external_id: 'billing-7' }),
    answers: 'server',
  },
  {
    endpoint: 'PATCH /api/application/servers/:server/build',
    as: 'root',
    body: ({ allocation }) => ({ allocation, ...limits, feature_limits: features }),
    answers: 'server',
  },
  {
    endpoint: 'PATCH /api/application/servers/:server/startup',
    as: 'root',
    body: ({ egg, image, startup }) => ({ startup, environment: {}, egg, image, skip_scripts: false }),
    answers: 'server',
  },
  { endpoint: 'POST /api/application/servers/:server/suspend', as: 'root', status: done },
  { endpoint: 'POST /api/application/servers/:server/unsuspend', as: 'root', status: done },
]
