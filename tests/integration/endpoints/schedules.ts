import { begun, done, idOf, type Row } from './row'

const schedule = (name: string) => ({
  name,
  minute: '0',
  hour: '4',
  day_of_month: '*',
  month: '*',
  day_of_week: '*',
  is_active: true,
})

/** Of a server: its schedules. */
export const SCHEDULES: Row[] = [
  // 2.7
  {
    endpoint: 'POST /api/client/servers/:server/schedules',
    as: 'owner',
    body: () => schedule('Nightly'),
    answers: 'server_schedule',
    beside: ['attributes.relationships.tasks'],
    learns: idOf('schedule'),
  },
  {
    endpoint: 'POST /api/client/servers/:server/schedules/:schedule/tasks',
    as: 'owner',
    body: () => ({ action: 'command', payload: 'say hello', time_offset: 0 }),
    answers: 'schedule_task',
    learns: idOf('task'),
  },
  {
    endpoint: 'POST /api/client/servers/:server/schedules/:schedule/tasks/:task',
    as: 'owner',
    body: () => ({ action: 'command', payload: 'say goodbye', time_offset: 0 }),
    answers: 'schedule_task',
  },
  { endpoint: 'GET /api/client/servers/:server/schedules', as: 'owner', answers: 'list of server_schedule' },
  { endpoint: 'GET /api/client/servers/:server/schedules/:schedule', as: 'owner', answers: 'server_schedule' },
  {
    endpoint: 'POST /api/client/servers/:server/schedules/:schedule',
    as: 'owner',
    body: () => schedule('Daily'),
    answers: 'server_schedule',
  },
  {
    endpoint: 'PATCH /api/client/servers/:server/schedules/:schedule',
    as: 'owner',
    body: () => schedule('Daily'),
    answers: 'server_schedule',
  },
  {
    endpoint: 'POST /api/client/servers/:server/schedules/:schedule/execute',
    as: 'owner',
    status: begun,
    answers: '[]',
  },
  { endpoint: 'DELETE /api/client/servers/:server/schedules/:schedule/tasks/:task', as: 'owner', status: done },
  { endpoint: 'DELETE /api/client/servers/:server/schedules/:schedule', as: 'owner', status: done },
]
