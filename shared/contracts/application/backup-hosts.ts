import { z } from 'zod'
import { PART_SIZE_MAX, PART_SIZE_MIN } from '../../upload-parts'
import { endpoint } from '../endpoint'
import { item, page, type Plain } from '../envelope'
import { flag, looseArray, rowNumber, stamp, wholeNumber } from '../fields'
import { filterShape, pageShape, sortShape } from '../query'

export const BACKUP_HOST_KINDS = ['s3', 'wings'] as const
export const CONCURRENT_UPLOADS_MAX = 100

/** Where backups are kept: an object store, or (`wings`) the disk of the node that makes them. Keys are never sent. */
export const backupHost = item(
  'backup_host',
  z.object({
    id: z.int(),
    name: z.string(),
    kind: z.enum(BACKUP_HOST_KINDS),
    endpoint: z.string().nullable(), // null: Amazon's own, in the region
    region: z.string().nullable(),
    bucket: z.string().nullable(),
    path_style: z.boolean(),
    storage_class: z.string().nullable(),
    part_size: z.int().nullable(), // bytes; null: the usual
    concurrent_uploads: z.int().nullable(), // null: the usual
    keys_set_at: stamp().nullable(),
    is_default: z.boolean(), // takes what no host of the node takes
    nodes: z.array(z.object({ id: z.int(), name: z.string() })),
    backups_count: z.int(),
    checked_at: stamp().nullable(),
    failure: z.string().nullable(), // of the last check, in the store's own words
    updated_at: stamp(),
    created_at: stamp(),
  }),
)
export type BackupHost = Plain<z.output<typeof backupHost>>

/** What the environment names, for whoever wonders where backups go. */
const environmentHost = z.object({
  endpoint: z.string().nullable(),
  bucket: z.string(),
  takes_backups: z.boolean(), // otherwise it only serves what it holds
})

const CHECK_STEPS = ['write', 'read', 'remove', 'upload'] as const

export const backupHostCheck = item(
  'backup_host_check',
  z.object({
    ok: z.boolean(),
    ms: z.int(),
    step: z.enum(CHECK_STEPS).nullable(), // where it failed
    error: z.string().nullable(), // in the store's own words
  }),
)
export type BackupHostCheck = Plain<z.output<typeof backupHostCheck>>

const printable = (max: number) =>
  z
    .string()
    .regex(/^[!-~]+$/)
    .max(max)

const fields = {
  name: z.string().min(1).max(60),
  endpoint: z
    .string()
    .max(191)
    .refine((text) => /^https?:\/\/[^/?#@\s]+[^?#@\s]*$/i.test(text) && URL.canParse(text), {
      error: 'The endpoint must be a valid URL.',
      params: { rule: 'url' },
    })
    .nullish(),
  region: printable(60).nullish(),
  bucket: z
    .string()
    .regex(/^[a-z0-9][\w.-]{1,61}[a-z0-9]$/i)
    .nullish(),
  access_key_id: printable(128).nullish(),
  secret_access_key: printable(256).nullish(),
  path_style: flag(),
  storage_class: z
    .string()
    .regex(/^[\w-]+$/)
    .max(60)
    .nullish(),
  part_size: wholeNumber({ min: PART_SIZE_MIN, max: PART_SIZE_MAX }).nullish(),
  concurrent_uploads: wholeNumber({ min: 1, max: CONCURRENT_UPLOADS_MAX }).nullish(),
  nodes: looseArray(wholeNumber({ min: 1 })),
  is_default: flag(),
}

export const createBackupHostBody = z.object({
  ...fields,
  kind: z.enum(BACKUP_HOST_KINDS),
  path_style: fields.path_style.default(false),
  nodes: fields.nodes.default([]),
  is_default: fields.is_default.default(false),
})
export type CreateBackupHostBody = z.output<typeof createBackupHostBody>

/** What is left out stays, and so do keys that are empty. What kind of host it is does not change. */
export const updateBackupHostBody = z.object(fields).partial()
export type UpdateBackupHostBody = z.output<typeof updateBackupHostBody>

const withResource = backupHost.extend({ meta: z.object({ resource: z.url() }) })
const params = z.object({ backupHost: rowNumber() })

export const backupHosts = {
  list: endpoint('GET /api/application/backup-hosts', {
    query: z.object({ ...pageShape({ usual: 50 }), filter: filterShape(), sort: sortShape() }),
    reply: page(backupHost, { environment: environmentHost.nullable() }),
  }),
  get: endpoint('GET /api/application/backup-hosts/:backupHost', { params, reply: backupHost }),
  create: endpoint('POST /api/application/backup-hosts', {
    body: createBackupHostBody,
    reply: withResource,
    status: 201,
  }),
  update: endpoint('PATCH /api/application/backup-hosts/:backupHost', {
    params,
    body: updateBackupHostBody,
    reply: backupHost,
  }),
  remove: endpoint('DELETE /api/application/backup-hosts/:backupHost', { params }),
  /** Writes, reads and removes a small object, and begins and aborts an upload. */
  test: endpoint('POST /api/application/backup-hosts/:backupHost/test', { params, reply: backupHostCheck }),
}
