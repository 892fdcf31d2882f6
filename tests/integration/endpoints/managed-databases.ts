import { done, idOf, made, type Row } from './row'

/** The administration: databases of a server. */
export const MANAGED_DATABASES: Row[] = [
  // 3.6
  {
    endpoint: 'POST /api/application/servers/:server/databases',
    as: 'root',
    status: made,
    body: ({ databaseHost }) => ({ database: 'shop', remote: '%', host: databaseHost }),
    answers: 'server_database',
    beside: ['meta.resource'],
    learns: idOf('managedDatabase'),
  },
  { endpoint: 'GET /api/application/servers/:server', as: 'root', query: 'include=databases', answers: 'server' },
  {
    endpoint: 'GET /api/application/servers/:server/databases',
    as: 'root',
    query: 'include=password,host',
    answers: 'list of server_database',
  },
  {
    endpoint: 'GET /api/application/servers/:server/databases/:database',
    as: 'root',
    query: 'include=password,host',
    answers: 'server_database',
  },
  { endpoint: 'POST /api/application/servers/:server/databases/:database/reset-password', as: 'root', status: done },
  { endpoint: 'DELETE /api/application/servers/:server/databases/:database', as: 'root', status: done },
]
