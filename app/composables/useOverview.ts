import type { RouteLocationRaw } from 'vue-router'
import type { NodeState } from '#shared/contracts/application/nodes'
import { overviews } from '#shared/contracts/application/overview'
import { OVERVIEW_RESOURCES } from '#shared/permissions'

/** One line of what waits for an administrator. */
export interface Need {
  key: string
  name: string
  /** What is the matter, after the name. */
  text: string
  to?: RouteLocationRaw
  node?: { state: NodeState; since: string | null }
  server?: true
  /** Where the state has no sign of its own. */
  sign?: { icon: string; color: string; label: string }
  aside?: string
  /** What a host said, as it said it. */
  detail?: string
}

const NEEDS_A_HAND: readonly NodeState[] = ['no_contact', 'browsers_blocked', 'never_seen']

const isPast = (at: string | null) => at !== null && Date.parse(at) < Date.now()

/** How the panel stands, as far as this administrator may look; what he may not see is absent. */
export function useOverview() {
  const { t } = useI18n()
  const { number, moment } = useFormat()
  const { mayAdminister } = useSession()
  const isForbidden = computed(() => !OVERVIEW_RESOURCES.some((resource) => mayAdminister(resource)))
  const { data, error, status, refresh } = useApi(overviews.get, { enabled: () => !isForbidden.value })

  const { refreshOn } = useEvents()
  refreshOn('node', () => true, refresh)
  refreshOn('administration', () => true, refresh)
  refreshOn('server', ({ what }) => what === 'status', refresh)

  const isFresh = computed(() => data.value?.servers?.total === 0)

  const nodes = computed((): Need[] =>
    (data.value?.nodes?.attention ?? []).flatMap((node) => {
      const to = { name: 'admin-nodes-node', params: { node: node.id } }
      const aside = t('nodes.servers', { count: number(node.servers_count) }, node.servers_count)
      const silent: Need = {
        key: `node-${node.id}`,
        name: node.name,
        text: t(`overview.attention.node.${node.state}`),
        to,
        node: { state: node.state, since: node.unreachable_since },
        aside,
      }
      const old: Need = {
        key: `version-${node.id}`,
        name: node.name,
        text: t('overview.attention.version', { version: node.version ?? '', fixed: node.fixed_version ?? '' }),
        to,
        sign: { icon: 'i-lucide-shield-alert', color: 'text-warning', label: t('overview.attention.signs.version') },
        aside,
      }
      const ending: Need = {
        key: `certificate-${node.id}`,
        name: node.name,
        text: t(
          isPast(node.certificate_ends_at) ? 'overview.attention.certificateEnded' : 'overview.attention.certificate',
          {
            when: node.certificate_ends_at === null ? '' : moment(node.certificate_ends_at),
          },
        ),
        to,
        sign: {
          icon: 'i-lucide-shield-alert',
          color: 'text-warning',
          label: t('overview.attention.signs.certificate'),
        },
        aside,
      }
      // Of a panel that was just made the first node is a step, not a fault.
      const isNeedy = NEEDS_A_HAND.includes(node.state) && !(isFresh.value && node.state === 'never_seen')
      return [
        ...(isNeedy ? [silent] : []),
        ...(node.fixed_version === null ? [] : [old]),
        ...(node.certificate_ends_at === null ? [] : [ending]),
      ]
    }),
  )

  const servers = computed((): Need[] =>
    (data.value?.servers?.failed ?? []).map(({ id, identifier, name, node }) => ({
      key: `server-${id}`,
      name,
      text: t('overview.attention.server'),
      to: `/servers/${identifier}`,
      server: true,
      aside: node,
    })),
  )

  const failing = { icon: 'i-lucide-circle-alert', color: 'text-error', label: t('overview.attention.signs.failing') }
  const hosts = computed((): Need[] =>
    (['backup_hosts', 'database_hosts'] as const).flatMap((kind) =>
      (data.value?.[kind]?.failing ?? []).map(({ id, name, failure }) => ({
        key: `${kind}-${id}`,
        name,
        text: t(`overview.attention.${kind}`),
        to: kind === 'backup_hosts' ? '/admin/backup-hosts' : '/admin/database-hosts',
        sign: failing,
        detail: failure,
      })),
    ),
  )

  const health = computed((): Need[] => {
    const { late_jobs: late = 0, failed_mails: failed = 0 } = data.value?.health ?? {}
    return [
      ...(late > 0
        ? [
            {
              key: 'jobs',
              name: t('overview.attention.jobs.name', { count: number(late) }, late),
              text: t('overview.attention.jobs.text'),
              sign: { icon: 'i-lucide-clock-alert', color: 'text-warning', label: t('overview.attention.signs.late') },
            },
          ]
        : []),
      ...(failed > 0
        ? [
            {
              key: 'mails',
              name: t('overview.attention.mails.name', { count: number(failed) }, failed),
              text: t('overview.attention.mails.text'),
              to: '/admin/settings/mail',
              sign: failing,
            },
          ]
        : []),
    ]
  })

  return {
    data,
    error,
    isForbidden,
    isLoading: computed(() => status.value === 'pending' && data.value === undefined),
    refresh,
    isFresh,
    needs: computed(() => [...nodes.value, ...servers.value, ...hosts.value, ...health.value]),
  }
}
