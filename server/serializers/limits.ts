import type { ServerLimitsRow, ServerRow } from '#server/database/schema'

/** In MiB and percent, as both trees of the API say them; 0 is without limit. */
export const limitsOf = (
  limits: Pick<ServerLimitsRow, 'memory' | 'swap' | 'disk' | 'io' | 'cpu' | 'threads'>,
  { oomDisabled }: Pick<ServerRow, 'oomDisabled'>,
) => ({
  memory: limits.memory ?? 0,
  swap: limits.swap ?? 0,
  disk: limits.disk ?? 0,
  io: limits.io ?? 0,
  cpu: limits.cpu ?? 0,
  threads: limits.threads,
  oom_disabled: oomDisabled,
  oom_killer: !oomDisabled,
})

export const featureLimitsOf = (row: Pick<ServerRow, 'databaseLimit' | 'allocationLimit' | 'backupLimit'>) => ({
  databases: row.databaseLimit,
  allocations: row.allocationLimit,
  backups: row.backupLimit,
})
