import { z } from 'zod'
import { endpoint } from '#shared/contracts/endpoint'
import { wholeNumber } from '#shared/contracts/fields'
import { pageQuery } from '#shared/contracts/query'
import { PART_SIZE_MAX, PARTS_MAX } from '#shared/upload-parts'

/**
 * What Wings asks of us and reports to us, in its own words.
 *
 * Replies are read by a Go decoder: a number where text is meant, a float where an integer is meant, `[]` for an empty
 * map or `{}` for an empty list are hard errors there, and some of them end the daemon. Of what Wings sends, unknown
 * keys are ignored; where it has nothing to say its body is the literal `null`, so those endpoints read no body.
 */

/** Wings takes it for the name of a folder, of a container and of an archive, and compares it letter by letter. */
const uuid = () => z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)

/** PostgreSQL stores no NUL, and a 5xx would make Wings ask again for half a minute. */
const text = () => z.string().regex(/^[^\0]*$/)

const port = z.int().min(0).max(65_535)

export const WINGS_STATES = ['offline', 'starting', 'running', 'stopping'] as const
export const wingsState = z.enum(WINGS_STATES)
export type WingsState = z.output<typeof wingsState>

export const serverSettings = z.object({
  /** The database's number, which Pelican uses as project id of disk quotas. */
  id: z.int(),
  /** Without it Wings would take the root of all volumes for this server's folder. */
  uuid: uuid(),
  meta: z.object({ name: z.string(), description: z.string().nullable() }),
  suspended: z.boolean(),
  /** The start-up command, its `{{VARIABLES}}` unresolved. */
  invocation: z.string(),
  skip_egg_scripts: z.boolean(),
  /** A number would arrive in the container as `25565.000000`. */
  environment: z.record(z.string(), z.string()),
  labels: z.record(z.string(), z.string()).optional(),
  allocations: z.object({
    force_outgoing_ip: z.boolean(),
    /** Sets SERVER_IP and SERVER_PORT and publishes nothing. Never null, which ends Pelican's daemon: 127.0.0.1 and 0 stand for none. */
    default: z.object({ ip: z.string(), port }),
    /** All that is published, by address, the default among it. IPv6 without brackets. */
    mappings: z.record(z.string(), z.array(port)),
  }),
  build: z.object({
    memory_limit: z.int(), // MiB, 0 for no limit
    swap: z.int(), // MiB, -1 for no limit
    io_weight: z.int().min(0).max(65_535), // 0 for "do not set"
    cpu_limit: z.int(), // percent of one core, 0 for no limit
    disk_space: z.int(), // MiB, 0 for no limit; a negative number refuses every write
    threads: z.string().nullable(), // a cpuset such as `0-3,7`
    oom_disabled: z.boolean(), // read by Pterodactyl
    oom_killer: z.boolean(), // read by Pelican, with the opposite meaning
  }),
  /** Left out: as the node does by default. */
  crash_detection_enabled: z.boolean().optional(),
  mounts: z.array(z.object({ source: z.string(), target: z.string(), read_only: z.boolean() })),
  egg: z.object({
    id: z.string(),
    file_denylist: z.array(z.string()), // patterns as in .gitignore
    features: z.record(z.string(), z.array(z.string())), // read by Pelican: texts that the console may print
  }),
  container: z.object({ image: z.string() }),
})
export type ServerSettings = z.output<typeof serverSettings>

export const CONFIGURATION_PARSERS = ['file', 'yaml', 'properties', 'ini', 'json', 'xml', 'toml'] as const

export const processConfiguration = z.object({
  startup: z.object({
    /** Texts, or `regex:` and an RE2 expression, of which the first that is printed makes the server running. A null among them ends the daemon. */
    done: z.array(z.string()),
    user_interaction: z.array(z.string()),
    strip_ansi: z.boolean(),
  }),
  stop: z.object({ type: z.enum(['command', 'signal', 'stop', '']), value: z.string() }),
  /** A `parser`, `file` or `replace` that is missing ends Pterodactyl's daemon. */
  configs: z.array(
    z.object({
      parser: z.enum(CONFIGURATION_PARSERS),
      file: z.string(),
      replace: z.array(
        z.object({
          match: z.string(),
          /** Left out, never null: null makes Wings drop the whole list of this file. */
          if_value: z.string().optional(),
          replace_with: z.union([z.string(), z.number(), z.boolean()]),
        }),
      ),
      /** Read by Pelican. Left out: the file is made where it is missing. */
      create_file: z.boolean().optional(),
    }),
  ),
})
export type ProcessConfiguration = z.output<typeof processConfiguration>

export const serverDescription = z.object({ settings: serverSettings, process_configuration: processConfiguration })
export type ServerDescription = z.output<typeof serverDescription>

export const bootList = z.object({
  data: z.array(z.object({ uuid: uuid(), ...serverDescription.shape })),
  meta: z.object({
    /** 1 where page 0 was asked for: otherwise Wings fetches the first page twice and registers its servers twice. */
    current_page: z.int().min(1),
    from: z.int().nullable(),
    last_page: z.int().min(1),
    per_page: z.int(),
    to: z.int().nullable(),
    total: z.int(),
  }),
})
export type BootList = z.output<typeof bootList>

export const installScript = z.object({ container_image: z.string(), entrypoint: z.string(), script: z.string() })
export type InstallScript = z.output<typeof installScript>

/** `successful` says that the installer could be run; the exit code of its script is not looked at. */
export const installReport = z.object({ successful: z.boolean(), reinstall: z.boolean().default(false) })
export type InstallReport = z.output<typeof installReport>

/** Sent by Pelican for every change, in no certain order, sometimes twice. */
export const containerStatus = z.object({ data: z.object({ previous_state: wingsState, new_state: wingsState }) })
export type ContainerStatus = z.output<typeof containerStatus>

export const sftpCredentials = z.object({
  type: z.enum(['password', 'public_key']),
  /** `<user name>.<first eight characters of the server's uuid>`; the user name may hold dots itself. */
  username: text(),
  /** For `public_key` one line of authorized_keys without its comment, asked before the client has proved that it holds the key. */
  password: text(),
  /** Where the client comes from, with its port: `198.51.100.7:51234`, `[::1]:1234`. */
  ip: text().default(''),
  session_id: z.string().nullish(),
  client_version: z.string().nullish(),
})
export type SftpCredentials = z.output<typeof sftpCredentials>

export const sftpGrant = z.object({ server: uuid(), user: uuid(), permissions: z.array(z.string()) })
export type SftpGrant = z.output<typeof sftpGrant>

const UPLOAD_MAX = PARTS_MAX * PART_SIZE_MAX

/** Null where it is left out or is no size: both are answered 400, not 422. */
export const uploadQuery = z.object({
  size: wholeNumber({ min: 1, max: UPLOAD_MAX }).nullable().catch(null),
})

export const uploadPlaces = z.object({
  /** One address for each part, in order. Wings sends them one after the other, all but the last with `part_size` bytes. */
  parts: z.array(z.url()),
  part_size: z.int(),
  max_concurrent_uploads: z.int(),
})

/** A failed backup is reported with empty texts and size 0; an archive that stays on the node has no parts. */
export const backupReport = z.object({
  successful: z.boolean(),
  checksum: text()
    .nullish()
    .transform((given) => given ?? ''),
  checksum_type: text()
    .nullish()
    .transform((given) => given ?? ''),
  size: z
    .int()
    .min(0)
    .nullish()
    .transform((given) => given ?? 0),
  parts: z
    .array(z.object({ etag: z.string(), part_number: z.int().min(1) }))
    .nullish()
    .transform((given) => given ?? null),
})
export type BackupReport = z.output<typeof backupReport>

export const restoreReport = z.object({ successful: z.boolean() })
export type RestoreReport = z.output<typeof restoreReport>

/** Up to nine digits of a second, which tell two events of one millisecond apart. */
const moment = z
  .string()
  .refine((given) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(given) && !Number.isNaN(Date.parse(given)))

const activityRow = z.object({
  user: uuid().nullable().catch(null),
  server: uuid(),
  event: text(),
  metadata: z.record(z.string(), z.unknown()).catch({}), // out of a document of JSON, so JSON itself
  /** Without a port. Null where it is no address. */
  ip: z.union([z.ipv4(), z.ipv6()]).nullable().catch(null),
  timestamp: moment,
})
export type ActivityRow = z.output<typeof activityRow>

/** Wings sends a hundred at most. What holds more than these is not read on. */
export const ACTIVITY_ROWS_MAX = 5000

/**
 * Only the rows that can be read: Wings repeats a refused batch for ever, so that one bad row would keep all later ones
 * from us.
 */
export const activityBatch = z.unknown().transform((body): { data: ActivityRow[]; isTooLarge: boolean } => {
  const given = typeof body === 'object' && body !== null && 'data' in body ? body.data : null
  const rows: unknown[] = Array.isArray(given) ? given : []
  const isTooLarge = rows.length > ACTIVITY_ROWS_MAX
  return { data: isTooLarge ? [] : rows.flatMap(readRow), isTooLarge }
})
export type ActivityBatch = z.output<typeof activityBatch>

function readRow(row: unknown): ActivityRow[] {
  try {
    const read = activityRow.safeParse(hasNul(row) ? withoutNul(row) : row)
    return read.success ? [read.data] : []
  } catch {
    return [] // nested deeper than can be walked
  }
}

function hasNul(given: unknown): boolean {
  if (typeof given === 'string') return given.includes('\0')
  if (typeof given !== 'object' || given === null) return false
  for (const key in given) if (key.includes('\0') || hasNul((given as Record<string, unknown>)[key])) return true
  return false
}

function withoutNul(given: unknown): unknown {
  if (typeof given === 'string') return given.replaceAll('\0', '')
  if (Array.isArray(given)) return given.map(withoutNul)
  if (typeof given !== 'object' || given === null) return given
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key.replaceAll('\0', ''), withoutNul(value)]))
}

export const remote = {
  /** Wings asks for page 0 first, then for all others at once. A refusal or an unreadable reply ends the daemon. */
  listServers: endpoint('GET /api/remote/servers', { query: pageQuery({ usual: 50, most: 500 }), reply: bootList }),
  /** Once at every start of the daemon, after all servers are loaded. */
  resetServers: endpoint('POST /api/remote/servers/reset', {}),
  /** Asked while our own call for creating or synchronizing is still open, before every start, and by the target of a transfer. */
  describeServer: endpoint('GET /api/remote/servers/:server', { reply: serverDescription }),
  describeInstallation: endpoint('GET /api/remote/servers/:server/install', { reply: installScript }),
  reportInstallation: endpoint('POST /api/remote/servers/:server/install', { body: installReport }),
  reportStatus: endpoint('POST /api/remote/servers/:server/container/status', { body: containerStatus }),
  /** Said by the target alone, with nothing in its body. Old daemons ask by GET. */
  reportArrival: endpoint('POST /api/remote/servers/:server/transfer/success', {}),
  reportArrivalByGet: endpoint('GET /api/remote/servers/:server/transfer/success', {}),
  /** Said by either end, often by both. An error makes the target remove what it has received so far. */
  reportFailedTransfer: endpoint('POST /api/remote/servers/:server/transfer/failure', {}),
  reportFailedTransferByGet: endpoint('GET /api/remote/servers/:server/transfer/failure', {}),
  /** Any 4xx means "invalid credentials"; a 5xx keeps the person waiting for half a minute. */
  signInToSftp: endpoint('POST /api/remote/sftp/auth', { body: sftpCredentials, reply: sftpGrant }),
  /** Asked once for all parts, after the archive was written. */
  signUpload: endpoint('GET /api/remote/backups/:backup', { query: uploadQuery, reply: uploadPlaces }),
  /** An error makes Wings delete the archive that it has just written. */
  reportBackup: endpoint('POST /api/remote/backups/:backup', { body: backupReport }),
  reportRestore: endpoint('POST /api/remote/backups/:backup/restore', { body: restoreReport }),
  reportActivity: endpoint('POST /api/remote/activity', { body: activityBatch }),
}
