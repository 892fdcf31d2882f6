import { PASSWORD, done, type Row } from './row'

/** Of a person: servers, account, keys. */
export const ACCOUNT: Row[] = [
  // 2.1
  { endpoint: 'GET /api/client', as: 'owner', query: 'include=egg,subusers', answers: 'list of server' },
  { endpoint: 'GET /api/client/permissions', as: 'owner', answers: 'system_permissions' },

  // 2.2
  { endpoint: 'GET /api/client/account', as: 'owner', answers: 'user', variant: 'account' },
  {
    endpoint: 'GET /api/client/account/two-factor',
    as: 'owner',
    answers: '{}',
    beside: ['data.image_url_data', 'data.secret'],
    learns: ({ data }, known) => void (known.secret = data.secret),
  },
  {
    endpoint: 'POST /api/client/account/two-factor',
    as: 'owner',
    before: async (known, stage) => void (known.code = await stage.codeOf(known.secret)),
    body: ({ code }) => ({ code, password: PASSWORD }),
    answers: 'recovery_tokens',
  },
  {
    endpoint: 'POST /api/client/account/two-factor/disable',
    as: 'owner',
    status: done,
    body: () => ({ password: PASSWORD }),
  },
  {
    endpoint: 'DELETE /api/client/account/two-factor',
    as: 'owner',
    status: done,
    body: () => ({ password: PASSWORD }),
  },
  {
    endpoint: 'PUT /api/client/account/email',
    as: 'owner',
    status: done,
    body: () => ({ email: 'owner-2@example.test', password: PASSWORD }),
  },
  {
    endpoint: 'GET /api/client/account/activity',
    as: 'owner',
    query: 'include=actor&sort=-timestamp',
    answers: 'list of activity_log',
  },
  {
    endpoint: 'POST /api/client/account/api-keys',
    as: 'owner',
    body: () => ({ description: 'bot', allowed_ips: ['203.0.113.0/24'] }),
    answers: 'api_key',
    beside: ['meta.secret_token'],
    learns: ({ attributes }, known) => void (known.identifier = attributes.identifier),
  },
  { endpoint: 'GET /api/client/account/api-keys', as: 'owner', answers: 'list of api_key' },
  { endpoint: 'DELETE /api/client/account/api-keys/:identifier', as: 'owner', status: done },
  {
    endpoint: 'POST /api/client/account/ssh-keys',
    as: 'owner',
    body: ({ sshKey }) => ({ name: 'laptop', public_key: sshKey }),
    answers: 'ssh_key',
    learns: ({ attributes }, known) => void (known.fingerprint = attributes.fingerprint),
  },
  { endpoint: 'GET /api/client/account/ssh-keys', as: 'owner', answers: 'list of ssh_key' },
  {
    endpoint: 'POST /api/client/account/ssh-keys/remove',
    as: 'owner',
    status: done,
    body: ({ fingerprint }) => ({ fingerprint }),
  },
]
