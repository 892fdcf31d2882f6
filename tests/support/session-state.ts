import type { SessionState } from '#shared/contracts/client/session'

/** Somebody without rights is signed in. */
export const session = {
  user: {
    uuid: '7d9d8c7e-1111-4222-8333-444455556666',
    username: 'marta',
    email: 'marta@kestrel.gg',
    avatar: null,
    first_name: 'Marta',
    last_name: 'Kovacs',
    language: 'en',
    time_zone: 'Europe/Berlin',
    is_root_admin: false,
    grants: {},
    preferences: {},
  },
  demands: [],
  impersonator: null,
  sign_in: null,
  panel: {
    name: 'Kestrel',
    version: '1.0.0',
    language: 'en',
    is_set_up: true,
    palette: 'iris',
    logo: null,
    favicon: null,
    links: [],
    maintenance: null,
  },
} satisfies SessionState
