import type { ServerDetail } from '#shared/contracts/client/servers'

/** What stands beside the pages of a server in its navigation: `3/5`; nothing where there is nothing to count. */
export function countsOf({ meta, feature_limits: limits }: Pick<ServerDetail, 'meta' | 'feature_limits'>) {
  const used = meta.backup_count ?? undefined
  const limit = limits.backups ?? 0
  return { backups: used === undefined || (used === 0 && limit === 0) ? undefined : `${used}/${limit}` }
}
