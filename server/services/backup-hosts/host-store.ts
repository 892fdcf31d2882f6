import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { useDrizzle } from '#server/database/client'
import { backupHostConfiguration } from '#server/database/json'
import { backupHosts } from '#server/database/schema'
import { useEnv } from '#server/env'

export type HostStore = z.output<typeof backupHostConfiguration>

/** The one of the environment; undefined where it names no bucket. Served also while new backups go elsewhere. */
export function environmentStore(): HostStore | undefined {
  const env = useEnv()
  const { AWS_BACKUPS_BUCKET: bucket, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env
  if (!bucket || !accessKeyId || !secretAccessKey) return undefined

  const accelerated = env.AWS_BACKUPS_USE_ACCELERATE ? 'https://s3-accelerate.amazonaws.com' : null
  return {
    endpoint: env.AWS_ENDPOINT ?? accelerated,
    region: env.AWS_DEFAULT_REGION,
    bucket,
    accessKeyId,
    secretAccessKey,
    usesPathStyle: env.AWS_USE_PATH_STYLE_ENDPOINT,
    storageClass: env.AWS_BACKUPS_STORAGE_CLASS ?? null,
    partSizeBytes: env.BACKUP_MAX_PART_SIZE,
    concurrentUploads: env.BACKUP_MAX_CONCURRENT_UPLOADS,
    keysSetAt: null,
  }
}

/** What administrators are told of it. */
export function describeEnvironmentHost() {
  const store = environmentStore()
  if (!store) return null
  return { endpoint: store.endpoint, bucket: store.bucket, takes_backups: useEnv().APP_BACKUP_DRIVER === 's3' }
}

/** Null means the environment's. Undefined where there is none of that kind any more. */
export async function findStore(backupHostId: string | null): Promise<HostStore | undefined> {
  if (backupHostId === null) return environmentStore()
  const [host] = await useDrizzle()
    .select({ configuration: backupHosts.configuration })
    .from(backupHosts)
    .where(eq(backupHosts.id, backupHostId))
  return host?.configuration ? z.decode(backupHostConfiguration, host.configuration) : undefined
}
