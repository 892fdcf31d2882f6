import { ADDRESSES_MAX, DESCRIPTION_MAX, REQUESTS_MAX } from '#shared/contracts/key-fields'
import { SERVER_PERMISSIONS, type ServerPermission } from '#shared/permissions'
import { isAddressEntry } from '#shared/utils/addresses'

const DAY_MS = 24 * 60 * 60 * 1000

/** Days, or a day of one's own. */
export const KEY_LIFETIMES = ['never', '30', '90', '365', 'date'] as const
type Lifetime = (typeof KEY_LIFETIMES)[number]

/** What is typed about a key of either kind. */
export interface KeyDraft {
  description: string
  /** One a line, or by commas. */
  addresses: string
  lifetime: Lifetime
  /** `2030-01-31`, where the lifetime is a date. */
  date: string
  perMinute: string
}

export const emptyKeyDraft = (): KeyDraft => ({
  description: '',
  addresses: '',
  lifetime: 'never',
  date: '',
  perMinute: '',
})

const addressesOf = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean)

function endOf({ lifetime, date }: KeyDraft): string | null {
  if (lifetime === 'never') return null
  // In the zone of who chose it.
  if (lifetime === 'date') return new Date(`${date}T00:00`).toISOString()
  return new Date(Date.now() + Number(lifetime) * DAY_MS).toISOString()
}

/** The same as the API wants it; only of a draft without faults. */
export const keyBodyOf = (draft: KeyDraft) => ({
  description: draft.description.trim(),
  allowed_ips: addressesOf(draft.addresses),
  expires_at: endOf(draft),
  requests_per_minute: draft.perMinute.trim() === '' ? null : Number(draft.perMinute),
})

interface Fault {
  name: string
  message: string
}

/** What the panel would refuse, told while it is typed. Ranges may hold no blanks here: they part the entries. */
export function faultsOfKey(draft: KeyDraft, t: (key: string, values?: Record<string, unknown>) => string): Fault[] {
  const addresses = addressesOf(draft.addresses)
  const wrong = addresses.find((entry) => !isAddressEntry(entry))
  const perMinute = draft.perMinute.trim()
  const isCount = /^\d+$/.test(perMinute) && Number(perMinute) >= 1 && Number(perMinute) <= REQUESTS_MAX
  const isAhead = /^\d{4}-\d\d-\d\d$/.test(draft.date) && Date.parse(`${draft.date}T00:00`) > Date.now()

  return [
    ...(draft.description.trim() ? [] : [{ name: 'description', message: t('failures.field.required') }]),
    ...(draft.description.trim().length > DESCRIPTION_MAX
      ? [{ name: 'description', message: t('failures.field.max_string', { max: DESCRIPTION_MAX }) }]
      : []),
    ...(wrong ? [{ name: 'allowed_ips', message: t('apiKey.addresses.wrong', { entry: wrong }) }] : []),
    ...(addresses.length > ADDRESSES_MAX
      ? [{ name: 'allowed_ips', message: t('apiKey.addresses.tooMany', { max: ADDRESSES_MAX }) }]
      : []),
    ...(draft.lifetime === 'date' && !isAhead
      ? [{ name: 'expires_at', message: t(draft.date ? 'failures.field.after' : 'failures.field.required') }]
      : []),
    ...(perMinute && !isCount
      ? [{ name: 'requests_per_minute', message: t('apiKey.perMinute.wrong', { max: REQUESTS_MAX }) }]
      : []),
  ]
}

/** What can be done with a server, as its navigation parts it: area → first words of permissions. */
const AREAS = {
  console: ['websocket', 'control'],
  files: ['file'],
  backups: ['backup'],
  schedules: ['schedule'],
  databases: ['database'],
  network: ['allocation'],
  startup: ['startup'],
  users: ['user'],
  activity: ['activity'],
  settings: ['settings'],
} as const
export type KeyArea = keyof typeof AREAS
export const KEY_AREAS = Object.keys(AREAS) as KeyArea[]

const isIn = (area: KeyArea, permission: string) =>
  (AREAS[area] as readonly string[]).includes(permission.split('.', 1).join())

export const permissionsIn = (areas: readonly KeyArea[]): ServerPermission[] =>
  SERVER_PERMISSIONS.filter((permission) => areas.some((area) => isIn(area, permission)))

/** The areas of which a key opens anything. */
export const areasOf = (permissions: readonly string[]): KeyArea[] =>
  KEY_AREAS.filter((area) => permissions.some((permission) => isIn(area, permission)))
