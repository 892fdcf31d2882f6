import { PASSWORD, begun, done, type Row } from './row'

/** Of a server: how it starts and what it is called; and what its owner is called. */
export const SETTINGS: Row[] = [
  // 2.11, 2.12
  {
    endpoint: 'GET /api/client/servers/:server/startup',
    as: 'owner',
    answers: 'list of egg_variable',
    beside: ['meta.startup_command', 'meta.docker_images', 'meta.raw_startup_command'],
  },
  {
    endpoint: 'PUT /api/client/servers/:server/startup/variable',
    as: 'owner',
    body: () => ({ key: 'MOTD', value: 'hi' }),
    answers: 'egg_variable',
    beside: ['meta.startup_command', 'meta.raw_startup_command'],
  },
  {
    endpoint: 'POST /api/client/servers/:server/settings/rename',
    as: 'owner',
    status: done,
    body: () => ({ name: 'Creative' }),
  },
  {
    endpoint: 'POST /api/client/servers/:server/settings/description',
    as: 'owner',
    status: done,
    body: () => ({ description: 'Peaceful' }),
  },
  {
    endpoint: 'PUT /api/client/servers/:server/settings/docker-image',
    as: 'owner',
    status: done,
    body: ({ image }) => ({ docker_image: image }),
  },
  { endpoint: 'POST /api/client/servers/:server/settings/reinstall', as: 'owner', status: begun, answers: '[]' },
  {
    endpoint: 'PUT /api/client/account/username',
    as: 'owner',
    status: done,
    body: () => ({ username: 'owner-2', password: PASSWORD }),
  },
  {
    endpoint: 'PUT /api/client/account/password',
    as: 'owner',
    status: done,
    body: () => ({ current_password: PASSWORD, password: `${PASSWORD} 3`, password_confirmation: `${PASSWORD} 3` }),
  },
]
