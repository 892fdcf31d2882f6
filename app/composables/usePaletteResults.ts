import { refDebounced } from '@vueuse/core'
import { eggs } from '#shared/contracts/application/eggs'
import { nodes } from '#shared/contracts/application/nodes'
import { users } from '#shared/contracts/application/users'
import { servers, type ServerOfList } from '#shared/contracts/client/servers'

const DELAY_MS = 200
const SHOWN = 6

/** What the palette finds in the panel itself, by what was typed; each only for who may read it. */
export function usePaletteResults(term: Ref<string>) {
  const { t } = useI18n()
  const { mayAdminister } = useSession()
  const recent = useRecentServers()
  const asked = refDebounced(term, DELAY_MS)

  const isAsked = () => asked.value.trim() !== ''
  const query = () => ({ per_page: SHOWN, filter: { '*': asked.value.trim() } })

  const mine = useApi(servers.list, {
    query: () => ({
      per_page: SHOWN,
      ...(isAsked() && query()),
      ...(isAsked() && mayAdminister('servers') && { type: 'admin-all' }),
    }),
  })
  const foundNodes = useApi(nodes.list, { query, enabled: () => isAsked() && mayAdminister('nodes') })
  const foundUsers = useApi(users.list, { query, enabled: () => isAsked() && mayAdminister('users') })
  const foundEggs = useApi(eggs.list, { enabled: () => isAsked() && mayAdminister('eggs') })

  const ofServers = computed(() => {
    const all = mine.data.value?.items ?? []
    if (isAsked()) return all
    // Where one just was comes first, the rest as the list has it.
    const last = recent.list.value.map((identifier) => all.find((one) => one.identifier === identifier))
    const first = last.filter((one) => one !== undefined)
    return [...first, ...all.filter((one) => !first.includes(one))]
  })

  const groups = computed(() => [
    {
      id: 'servers',
      label: t('palette.servers'),
      // The panel searched; what it found is not sieved again.
      ignoreFilter: true,
      items: ofServers.value.map((server) => ({
        label: server.name,
        suffix: [addressOf(server), server.node].filter(Boolean).join(' · '),
        icon: 'i-lucide-server',
        to: `/servers/${server.identifier}`,
      })),
    },
    {
      id: 'nodes',
      label: t('palette.nodes'),
      ignoreFilter: true,
      items: (isAsked() ? (foundNodes.data.value?.items ?? []) : []).map(({ id, name, fqdn }) => ({
        label: name,
        suffix: fqdn,
        icon: 'i-lucide-server-cog',
        to: `/admin/nodes/${id}`,
      })),
    },
    {
      id: 'users',
      label: t('palette.users'),
      ignoreFilter: true,
      items: (isAsked() ? (foundUsers.data.value?.items ?? []) : []).map(({ id, username, email }) => ({
        label: username,
        suffix: email,
        icon: 'i-lucide-users',
        to: `/admin/users/${id}`,
      })),
    },
    {
      id: 'eggs',
      label: t('palette.eggs'),
      items: (isAsked() ? (foundEggs.data.value ?? []) : []).map(({ id, name }) => ({
        label: name,
        icon: 'i-lucide-egg',
        to: `/admin/eggs/${id}`,
      })),
    },
  ])

  return { groups, isLoading: computed(() => mine.status.value === 'pending') }
}

function addressOf({ relationships: { allocations } }: ServerOfList): string | undefined {
  const primary = allocations.find((one) => one.is_default)
  return primary && `${primary.ip_alias ?? primary.ip}:${primary.port}`
}
