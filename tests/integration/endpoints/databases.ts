import { done, type Row } from './row'

/** Of a server: its databases. */
export const DATABASES: Row[] = [
  // 2.5
  {
    endpoint: 'POST /api/client/servers/:server/databases',
    as: 'owner',
    body: () => ({ database: 'world', remote: '%' }),
    answers: 'server_database',
    beside: ['attributes.relationships.password.attributes.password'],
    learns: ({ attributes }, known) => void (known.database = attributes.id),
  },
  {
    endpoint: 'GET /api/client/servers/:server/databases',
    as: 'owner',
    query: 'include=password',
    answers: 'list of server_database',
  },
  {
    endpoint: 'POST /api/client/servers/:server/databases/:database/rotate-password',
    as: 'owner',
    answers: 'server_database',
  },
  { endpoint: 'DELETE /api/client/servers/:server/databases/:database', as: 'owner', status: done },
]
