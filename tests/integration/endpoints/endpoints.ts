import { ACCOUNT } from './account'
import { BACKUPS } from './backups'
import { BEYOND_PTERODACTYL } from './beyond-pterodactyl'
import { CONSOLE } from './console'
import { DATABASES } from './databases'
import { FILES } from './files'
import { MANAGED_DATABASES } from './managed-databases'
import { NETWORK_AND_USERS } from './network-and-users'
import { NODES } from './nodes'
import { PEOPLE_AND_SERVERS } from './people-and-servers'
import type { Row } from './row'
import { SCHEDULES } from './schedules'
import { SETTINGS } from './settings'
import { SIGN_IN } from './sign-in'
import { TAKEN_AWAY } from './taken-away'

/**
 * Every endpoint that is documented, in an order in which each finds what it needs. First the administration makes a
 * server, then its owner uses it, then both take it away again.
 */
export const ENDPOINTS: Row[] = [
  ...SIGN_IN,
  ...NODES,
  ...PEOPLE_AND_SERVERS,
  ...BEYOND_PTERODACTYL,
  ...MANAGED_DATABASES,
  ...ACCOUNT,
  ...CONSOLE,
  ...DATABASES,
  ...FILES,
  ...SCHEDULES,
  ...NETWORK_AND_USERS,
  ...BACKUPS,
  ...SETTINGS,
  ...TAKEN_AWAY,
]

/** Documented, and not ours: with the reason. */
export const NOT_OURS: Record<string, string> = {
  plugins: 'GET|POST /api/application/plugins…: there is no market of plugins.',
}
