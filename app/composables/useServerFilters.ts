import { eggs } from '#shared/contracts/application/eggs'
import { nodes } from '#shared/contracts/application/nodes'
import { users } from '#shared/contracts/application/users'
import { SERVER_STATUSES, type ManagedServer } from '#shared/contracts/application/servers'

const OWNERS = 200
const NODES = 500
const SHOWN_STATUSES = [
  'normal',
  ...SERVER_STATUSES.filter((status) => status !== 'reinstall_failed'),
  'transferring',
] as const

/** What the list of servers is narrowed by, as far as this administrator may look; and the marks of the eggs. */
export function useServerFilters(listed: () => readonly ManagedServer[]) {
  const { t } = useI18n()
  const { mayAdminister } = useSession()
  const { data: allNodes } = useApi(nodes.list, {
    query: { per_page: NODES, sort: 'name' },
    enabled: mayAdminister('nodes'),
  })
  const { data: allEggs } = useApi(eggs.list, { enabled: mayAdminister('eggs') })
  const { data: people } = useApi(users.list, {
    query: { per_page: OWNERS, sort: 'username' },
    enabled: mayAdminister('users'),
  })

  /** On a panel of very many users at least those who own what is shown. */
  const owners = computed(() => {
    const shown = listed().flatMap(({ relationships }) => (relationships?.user ? [relationships.user] : []))
    const all = new Map([...(people.value?.items ?? []), ...shown].map(({ id, username }) => [id, username]))
    return [...all]
      .map(([id, username]) => ({ value: String(id), label: username }))
      .toSorted((one, other) => one.label.localeCompare(other.label))
  })

  const filters = computed(() => [
    {
      name: 'state',
      label: t('adminServers.columns.state'),
      icon: 'i-lucide-activity',
      options: SHOWN_STATUSES.map((value) => ({ value, label: t(`adminServers.statuses.${value}`) })),
    },
    {
      name: 'node',
      label: t('adminServers.columns.node'),
      icon: 'i-lucide-server-cog',
      options: (allNodes.value?.items ?? []).map(({ id, name }) => ({ value: String(id), label: name })),
    },
    { name: 'owner', label: t('adminServers.columns.owner'), icon: 'i-lucide-user', options: owners.value },
    {
      name: 'egg',
      label: t('adminServers.columns.egg'),
      icon: 'i-lucide-egg',
      options: (allEggs.value ?? []).map(({ id, name, nest_name: nest }) => ({
        value: String(id),
        label: `${nest}: ${name}`,
      })),
    },
  ])
  const icons = computed(() => new Map((allEggs.value ?? []).map(({ id, icon }) => [id, icon])))

  return { filters: computed(() => filters.value.filter(({ options }) => options.length > 0)), icons }
}
