import { serverActivity } from '#shared/contracts/client/activity'
import { subusers } from '#shared/contracts/client/subusers'

/** What of an event's name belongs together, by the page that it is about. */
const GROUPS = {
  console: 'server:power,server:console',
  files: 'server:file,server:sftp',
  backups: 'server:backup',
  schedules: 'server:schedule,server:task',
  databases: 'server:database',
  network: 'server:allocation',
  startup: 'server:startup,server:mount',
  users: 'server:subuser',
  settings: 'server:settings,server:reinstall',
} as const

/** The log of one server, as the address narrows it: by what happened, by whom and when. */
export function useServerActivity(query: ListQuery, isReady: () => boolean) {
  const { t } = useI18n()
  const { server, can } = useServer()
  const { user } = useSession()
  const enabled = () => can('activity.read') && isReady()
  const params = () => ({ server: server.value.identifier })
  const filters = useActivityFilters(query, GROUPS)

  const log = useActivityPages(serverActivity.list, { params, filters, enabled, include: 'origin,actor' })
  useEvents().refreshOn(
    'server',
    ({ server: uuid, what }) => enabled() && what === 'activity' && uuid === server.value.uuid,
    log.refresh,
  )

  const shared = useApi(subusers.list, { params, enabled: () => enabled() && can('user.read') })
  /** Who can be asked for: whom the server is shared with, and whoever stands in what is shown. */
  const people = computed(() => {
    const seen = (log.items.value ?? []).flatMap(({ relationships }) => relationships?.actor ?? [])
    const all = [...(user.value ? [user.value] : []), ...(shared.data.value ?? []), ...seen]
    return [...new Map(all.map(({ uuid, username }) => [uuid, username]))]
      .map(([value, label]) => ({ value, label }))
      .toSorted((one, other) => one.label.localeCompare(other.label))
  })

  return {
    log,
    exportUrl: computed(() => urlOf(serverActivity.export, params(), { filter: filters() })),
    lists: computed(() => [
      {
        name: 'event',
        label: t('activity.filters.event'),
        options: Object.keys(GROUPS).map((value) => ({ value, label: t(`nav.${value}`) })),
      },
      {
        name: 'person',
        label: t('activity.filters.person'),
        icon: 'i-lucide-user',
        options: [
          ...people.value,
          { value: 'system', label: t('activity.actors.panel') },
          { value: 'node', label: t('activity.actors.node', { name: server.value.node }) },
        ],
      },
    ]),
  }
}
