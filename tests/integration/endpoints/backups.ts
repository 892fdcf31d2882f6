import { done, type Row } from './row'

/** Of a server: its backups. */
export const BACKUPS: Row[] = [
  // 2.10
  {
    endpoint: 'POST /api/client/servers/:server/backups',
    as: 'owner',
    body: () => ({ name: 'Before update', ignored: 'logs/*' }),
    answers: 'backup',
    learns: ({ attributes }, known) => void (known.backup = attributes.uuid),
  },
  {
    endpoint: 'GET /api/client/servers/:server/backups',
    as: 'owner',
    before: ({ backup }, stage) => stage.backedUp(backup),
    answers: 'list of backup',
    beside: ['meta.backup_count', 'meta.pagination.total'],
  },
  { endpoint: 'GET /api/client/servers/:server/backups/:backup', as: 'owner', answers: 'backup' },
  { endpoint: 'GET /api/client/servers/:server/backups/:backup/download', as: 'owner', answers: 'signed_url' },
  {
    endpoint: 'PUT /api/client/servers/:server/backups/:backup/rename',
    as: 'owner',
    body: () => ({ name: 'Kept' }),
    answers: 'backup',
  },
  { endpoint: 'POST /api/client/servers/:server/backups/:backup/lock', as: 'owner', answers: 'backup' },
  {
    endpoint: 'POST /api/client/servers/:server/backups/:backup/restore',
    as: 'owner',
    status: done,
    query: 'truncate=true',
  },
  {
    endpoint: 'DELETE /api/client/servers/:server/backups/:backup',
    as: 'owner',
    status: done,
    before: async (_, stage) => {
      await stage.settled()
      await stage.unlocked()
    },
  },
]
