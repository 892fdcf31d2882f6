import { refDebounced } from '@vueuse/core'
import { backupHosts } from '#shared/contracts/application/backup-hosts'
import { databaseHosts } from '#shared/contracts/application/database-hosts'
import { eggs } from '#shared/contracts/application/eggs'
import { locations } from '#shared/contracts/application/locations'
import { mounts } from '#shared/contracts/application/mounts'
import { nodes } from '#shared/contracts/application/nodes'
import { roles } from '#shared/contracts/application/roles'
import { managedServers } from '#shared/contracts/application/servers'
import { users } from '#shared/contracts/application/users'
import type { AdminResource } from '#shared/permissions'

interface Target {
  id: number
  name: string
}

const asked = (term: string) => ({ query: { per_page: 20, filter: { '*': term } } })

/** By the kind that events name: how one is found, and by which right. */
const FINDERS = {
  user: {
    right: 'users',
    find: async (term: string) =>
      (await api(users.list, asked(term))).items.map(({ id, username }) => ({ id, name: username })),
  },
  server: { right: 'servers', find: async (term: string) => (await api(managedServers.list, asked(term))).items },
  node: { right: 'nodes', find: async (term: string) => (await api(nodes.list, asked(term))).items },
  egg: {
    right: 'eggs',
    find: async (term: string) =>
      (await api(eggs.list)).filter(({ name }) => name.toLowerCase().includes(term.toLowerCase())).slice(0, 20),
  },
  role: { right: 'roles', find: async (term: string) => (await api(roles.list, asked(term))).items },
  location: {
    right: 'locations',
    find: async (term: string) =>
      (await api(locations.list, asked(term))).items.map(({ id, short }) => ({ id, name: short })),
  },
  mount: { right: 'mounts', find: async (term: string) => (await api(mounts.list, asked(term))).items },
  backup_host: {
    right: 'backup_hosts',
    find: async (term: string) => (await api(backupHosts.list, asked(term))).items,
  },
  database_host: {
    right: 'database_hosts',
    find: async (term: string) => (await api(databaseHosts.list, asked(term))).items,
  },
} satisfies Record<string, { right: AdminResource; find: (term: string) => Promise<Target[]> }>

export type AuditTarget = keyof typeof FINDERS

/** The kinds of things that this administrator may look for. */
export function useAuditKinds(): AuditTarget[] {
  const { mayAdminister } = useSession()
  return (Object.keys(FINDERS) as AuditTarget[]).filter((kind) => mayAdminister(FINDERS[kind].right))
}

/** Things of a kind by what is typed. The answer to what was typed last counts. */
export function useAuditTargets(kind: () => AuditTarget, typed: Ref<string>) {
  const term = refDebounced(typed, 200)
  const items = shallowRef<Target[]>([])
  const isLooking = ref(false)
  let latest = 0

  watch(
    [kind, term],
    async ([of, text]) => {
      const mine = (latest += 1)
      isLooking.value = true
      const found = await FINDERS[of].find(text.trim()).catch(() => [])
      if (mine !== latest) return
      items.value = found
      isLooking.value = false
    },
    { immediate: true },
  )
  return { items, isLooking }
}
