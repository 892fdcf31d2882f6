import { z } from 'zod'
import { now } from '#server/database/columns'
import { backupHostConfiguration } from '#server/database/json'
import { AppError, type FieldFailure } from '#server/errors'
import type { UpdateBackupHostBody } from '#shared/contracts/application/backup-hosts'
import type { HostStore } from './host-store'

/**
 * The configuration of an object store as it will be stored. What is left out stays as it was; keys stay also where they
 * come empty, as nobody is ever shown them.
 *
 * @throws {AppError} `request.invalid`
 */
export function configurationOf(asked: UpdateBackupHostBody, before?: HostStore): string {
  const kept = <Value>(given: Value | undefined, stored: Value): Value => (given === undefined ? stored : given)
  const { access_key_id: accessKeyId, secret_access_key: secretAccessKey } = asked
  const bucket = asked.bucket ?? before?.bucket
  const keys =
    accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey, keysSetAt: now() } : before && keysOf(before)
  const hasOne = Boolean(accessKeyId) !== Boolean(secretAccessKey)

  if (!bucket || !keys || hasOne) {
    throw new AppError('request.invalid', {
      fields: [
        ...(bucket ? [] : [missing('bucket')]),
        ...(accessKeyId || (keys && !hasOne) ? [] : [missing('access_key_id')]),
        ...(secretAccessKey || (keys && !hasOne) ? [] : [missing('secret_access_key')]),
      ],
    })
  }

  return z.encode(backupHostConfiguration, {
    endpoint: kept(asked.endpoint, before?.endpoint ?? null)?.replace(/\/+$/, '') ?? null,
    region: kept(asked.region, before?.region ?? null) ?? 'us-east-1',
    bucket,
    ...keys,
    usesPathStyle: kept(asked.path_style, before?.usesPathStyle ?? false),
    storageClass: kept(asked.storage_class, before?.storageClass ?? null) ?? null,
    partSizeBytes: kept(asked.part_size, before?.partSizeBytes ?? null) ?? null,
    concurrentUploads: kept(asked.concurrent_uploads, before?.concurrentUploads ?? null) ?? null,
  })
}

const keysOf = ({ accessKeyId, secretAccessKey, keysSetAt }: HostStore) => ({ accessKeyId, secretAccessKey, keysSetAt })

const missing = (field: string): FieldFailure => ({
  field,
  rule: 'required',
  detail: `The ${field.replaceAll('_', ' ')} field is required.`,
})
