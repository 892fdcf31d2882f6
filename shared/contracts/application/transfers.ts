import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, nothing, type Plain } from '../envelope'
import { flag, looseArray, rowNumber, stamp, wholeNumber } from '../fields'

export const TRANSFER_STATUSES = ['requested', 'running', 'succeeded', 'failed', 'cancelled'] as const

/** Why a transfer failed; what a node itself said of a refusal is in the reply to the start. */
export const TRANSFER_REASONS = [
  'source_refused',
  'source_silent',
  'target_silent',
  'source_failed',
  'target_failed',
  'source_restarted',
  'target_restarted',
  'target_lost',
  'never_began',
  'interrupted',
  'too_long',
] as const
export type TransferReason = (typeof TRANSFER_REASONS)[number]

const end = z.object({ id: z.int(), name: z.string() })

/** Ours: the newest move of a server from one node to another, open or over. */
export const transfer = item(
  'server_transfer',
  z.object({
    id: z.string(),
    status: z.enum(TRANSFER_STATUSES),
    source: end,
    target: end,
    target_allocation: z.int().nullable(),
    backups: z.array(z.string()), // uuids of those that travel along
    attempt: z.int(), // 2: a first one failed at its end and was begun once more by itself
    starts_after: z.boolean(),
    reason: z.enum(TRANSFER_REASONS).nullable(), // of a failed one, or of the first attempt
    started_at: stamp(),
    archived_at: stamp().nullable(), // from then on the target is at work, and consoles name it
    finished_at: stamp().nullable(),
    source_removed_at: stamp().nullable(), // the old node has deleted its copy
  }),
)
export type Transfer = Plain<z.output<typeof transfer>>

/** Why a node cannot take a server. */
export const TARGET_OBSTACLES = ['flavour_differs', 'flavour_unknown', 'silent', 'no_room', 'no_ports'] as const
export type TargetObstacle = (typeof TARGET_OBSTACLES)[number]

/** Ours: where a server could go, and what could go with it. */
export const transferOptions = item(
  'transfer_options',
  z.object({
    needed: z.object({ memory: z.int(), disk: z.int(), ports: z.int() }), // MiB, 0 for no limit; ports with the default one
    flavour: z.enum(['pterodactyl', 'pelican']).nullable(),
    targets: z.array(
      z.object({
        id: z.int(),
        name: z.string(),
        memory_free: z.int().nullable(), // MiB; null: no limit
        disk_free: z.int().nullable(),
        free_ports: z.int(),
        maintenance_mode: z.boolean(),
        obstacle: z.enum(TARGET_OBSTACLES).nullable(),
      }),
    ),
    /** Archives that lie on the server's node. Only Pelican moves any. */
    backups: z.array(z.object({ uuid: z.string(), name: z.string(), bytes: z.int(), created_at: stamp() })),
  }),
)
export type TransferOptions = Plain<z.output<typeof transferOptions>>

const id = () => wholeNumber({ min: 1 })

/** As Pelican takes it; `backups` and `start_on_completion` are ours. */
export const transferBody = z.object({
  node_id: id(),
  allocation_id: id(),
  allocation_additional: looseArray(id()).nullish(),
  backups: looseArray(z.uuid()).nullish(),
  start_on_completion: flag().nullish(), // a server that runs now runs again when it is over
})
export type TransferBody = z.output<typeof transferBody>

const params = z.object({ server: rowNumber() })

export const transfers = {
  start: endpoint('POST /api/application/servers/:server/transfer', { params, body: transferBody }),
  cancel: endpoint('POST /api/application/servers/:server/transfer/cancel', { params }),
  // Ours.
  latest: endpoint('GET /api/application/servers/:server/transfer', {
    params,
    reply: z.union([nothing, transfer]), // nothing: it was never moved
  }),
  options: endpoint('GET /api/application/servers/:server/transfer/options', { params, reply: transferOptions }),
}
