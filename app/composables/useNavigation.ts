import type { AdminResource, ServerPermission } from '#shared/permissions'
import type { NavGroup, NavItem } from '~/utils/navigation'

interface Listed extends NavItem {
  permission?: ServerPermission
  /** All of them, where a page needs several. */
  resource?: AdminResource | AdminResource[]
}

/** An entry leads to a page, or is none. */
const exists = ({ to }: Pick<NavItem, 'to'>): boolean => useNuxtApp().$router.resolve(to).matched.length > 0

const kept = (id: string, items: Listed[], isShown: (item: Listed) => boolean, label?: string): NavGroup[] => {
  const shown = items.filter((item) => exists(item) && isShown(item))
  return shown.length > 0 ? [{ id, label, items: shown }] : []
}

/** What stands in the sidebars and in the palette; what a person may not see is absent. */
export function useNavigation() {
  const { t } = useI18n()

  function ofAccount(serverCount?: string): NavGroup[] {
    return [
      {
        id: 'servers',
        items: [{ label: t('nav.allServers'), icon: 'i-lucide-server', to: '/', exact: true, count: serverCount }],
      },
      ...kept(
        'account',
        [
          { label: t('nav.profile'), icon: 'i-lucide-user', to: '/account', exact: true },
          { label: t('nav.security'), icon: 'i-lucide-shield-check', to: '/account/security' },
          { label: t('nav.apiKeys'), icon: 'i-lucide-key-round', to: '/account/api-keys' },
          { label: t('nav.sshKeys'), icon: 'i-lucide-terminal', to: '/account/ssh-keys' },
          { label: t('nav.activity'), icon: 'i-lucide-activity', to: '/account/activity' },
          { label: t('nav.notifications'), icon: 'i-lucide-bell', to: '/account/notifications' },
        ],
        () => true,
        t('nav.account'),
      ),
    ]
  }

  function ofServer(
    identifier: string,
    can: (permission: ServerPermission) => boolean = () => true,
    counts: { backups?: string } = {},
  ): NavGroup[] {
    const at = (rest: string) => `/servers/${identifier}${rest}`
    const isShown = ({ permission }: Listed) => !permission || can(permission)
    return [
      ...kept(
        'use',
        [
          { label: t('nav.console'), icon: 'i-lucide-square-terminal', to: at(''), exact: true },
          { label: t('nav.files'), icon: 'i-lucide-folder', to: at('/files'), permission: 'file.read' },
          {
            label: t('nav.backups'),
            icon: 'i-lucide-archive',
            to: at('/backups'),
            permission: 'backup.read',
            count: counts.backups,
          },
          {
            label: t('nav.schedules'),
            icon: 'i-lucide-calendar-clock',
            to: at('/schedules'),
            permission: 'schedule.read',
          },
          { label: t('nav.databases'), icon: 'i-lucide-database', to: at('/databases'), permission: 'database.read' },
        ],
        isShown,
      ),
      ...kept(
        'shape',
        [
          { label: t('nav.network'), icon: 'i-lucide-network', to: at('/network'), permission: 'allocation.read' },
          { label: t('nav.startup'), icon: 'i-lucide-rocket', to: at('/startup'), permission: 'startup.read' },
        ],
        isShown,
      ),
      ...kept(
        'people',
        [
          { label: t('nav.users'), icon: 'i-lucide-users', to: at('/users'), permission: 'user.read' },
          { label: t('nav.activity'), icon: 'i-lucide-activity', to: at('/activity'), permission: 'activity.read' },
          { label: t('nav.settings'), icon: 'i-lucide-settings', to: at('/settings') },
        ],
        isShown,
      ),
    ]
  }

  function ofAdministration(may: (resource: AdminResource) => boolean, silentNodes = 0): NavGroup[] {
    const isShown = ({ resource = [] }: Listed) => [resource].flat().every((one) => may(one))
    const alert =
      silentNodes > 0
        ? {
            icon: 'i-lucide-unplug',
            count: String(silentNodes),
            label: t('nav.silentNodes', { count: silentNodes }, silentNodes),
          }
        : undefined
    // Who may only announce finds the one tab that is his.
    const settings: Listed = may('settings')
      ? { label: t('nav.settings'), icon: 'i-lucide-settings', to: '/admin/settings' }
      : {
          label: t('nav.settings'),
          icon: 'i-lucide-settings',
          to: '/admin/settings/announcements',
          resource: 'announcements',
        }
    return [
      { id: 'overview', items: [{ label: t('nav.overview'), icon: 'i-lucide-gauge', to: '/admin', exact: true }] },
      ...kept(
        'servers',
        [
          { label: t('nav.servers'), icon: 'i-lucide-server', to: '/admin/servers', resource: 'servers' },
          { label: t('nav.users'), icon: 'i-lucide-users', to: '/admin/users', resource: 'users' },
          { label: t('nav.roles'), icon: 'i-lucide-shield', to: '/admin/roles', resource: 'roles' },
        ],
        isShown,
        t('nav.servers'),
      ),
      ...kept(
        'infrastructure',
        [
          { label: t('nav.nodes'), icon: 'i-lucide-server-cog', to: '/admin/nodes', resource: 'nodes', alert },
          { label: t('nav.locations'), icon: 'i-lucide-map-pin', to: '/admin/locations', resource: 'locations' },
          {
            label: t('nav.databaseHosts'),
            icon: 'i-lucide-database',
            to: '/admin/database-hosts',
            resource: 'database_hosts',
          },
          {
            label: t('nav.backupHosts'),
            icon: 'i-lucide-archive',
            to: '/admin/backup-hosts',
            resource: 'backup_hosts',
          },
          { label: t('nav.mounts'), icon: 'i-lucide-hard-drive', to: '/admin/mounts', resource: 'mounts' },
        ],
        isShown,
        t('nav.infrastructure'),
      ),
      ...kept(
        'catalogue',
        [{ label: t('nav.nests'), icon: 'i-lucide-egg', to: '/admin/nests', resource: ['nests', 'eggs'] }],
        isShown,
        t('nav.catalogue'),
      ),
      ...kept(
        'panel',
        [
          { label: t('nav.webhooks'), icon: 'i-lucide-webhook', to: '/admin/webhooks', resource: 'webhooks' },
          { label: t('nav.apiKeys'), icon: 'i-lucide-key-round', to: '/admin/api-keys', resource: 'api_keys' },
          { label: t('nav.audit'), icon: 'i-lucide-scroll-text', to: '/admin/audit', resource: 'audit' },
          settings,
        ],
        isShown,
        t('nav.panel'),
      ),
    ]
  }

  return { ofAccount, ofServer, ofAdministration }
}
