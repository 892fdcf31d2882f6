import { done, type Row } from './row'

/** Of a server: itself, its console and its activity. */
export const CONSOLE: Row[] = [
  // 2.3
  {
    endpoint: 'GET /api/client/servers/:server',
    as: 'owner',
    query: 'include=egg,subusers',
    answers: 'server',
    beside: ['meta.is_server_owner', 'meta.user_permissions'],
  },
  {
    endpoint: 'GET /api/client/servers/:server/websocket',
    as: 'owner',
    answers: '{}',
    beside: ['data.token', 'data.socket'],
  },
  { endpoint: 'GET /api/client/servers/:server/resources', as: 'owner', answers: 'stats' },
  { endpoint: 'POST /api/client/servers/:server/power', as: 'owner', status: done, body: () => ({ signal: 'start' }) },
  {
    endpoint: 'POST /api/client/servers/:server/command',
    as: 'owner',
    status: done,
    before: (_, stage) => stage.running(),
    body: () => ({ command: 'say hello' }),
  },
  {
    endpoint: 'GET /api/client/servers/:server/activity',
    as: 'owner',
    query: 'include=actor',
    answers: 'list of activity_log',
  },
]
