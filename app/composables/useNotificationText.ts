import type { Notification } from '#shared/contracts/client/notifications'

const ICONS: Record<string, string> = {
  'server.installed': 'i-lucide-hammer',
  'server.reinstalled': 'i-lucide-hammer',
  'server.install-failed': 'i-lucide-circle-x',
  'server.backup-completed': 'i-lucide-archive',
  'server.backup-failed': 'i-lucide-circle-x',
  'server.schedule-failed': 'i-lucide-circle-x',
  'server.transferred': 'i-lucide-arrow-right-left',
  'server.transfer-failed': 'i-lucide-circle-x',
  'server.suspended': 'i-lucide-ban',
  'server.unsuspended': 'i-lucide-server',
  'server.added': 'i-lucide-users',
  'server.removed': 'i-lucide-users',
  'node.silent': 'i-lucide-unplug',
  'node.back': 'i-lucide-server-cog',
  'job.failed': 'i-lucide-circle-x',
}

type Told = Pick<Notification, 'kind' | 'slots' | 'server' | 'node'>

/** Says what somebody is told of, and where to go about it. */
export function useNotificationText() {
  const i18n = useI18n()
  const { t } = i18n

  function text({ kind, slots }: Told): string {
    const key = `notifications.texts.${kind}`
    return i18n.te(key) ? t(key, slots) : t('notifications.unknown')
  }

  function pageOf({ kind, server, node }: Told): string | undefined {
    if (kind.startsWith('account.')) return '/account/security'
    if (node !== null) return `/admin/nodes/${node}`
    if (server === null) return undefined
    if (kind === 'server.schedule-failed') return `/servers/${server}/schedules`
    return kind.startsWith('server.backup-') ? `/servers/${server}/backups` : `/servers/${server}`
  }

  return {
    text,
    pageOf,
    icon: ({ kind }: Told) => ICONS[kind] ?? 'i-lucide-shield-check',
    isBad: ({ kind }: Told) => kind.endsWith('failed') || kind === 'node.silent',
  }
}
