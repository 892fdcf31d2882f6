import { z } from 'zod'
import { COMPACT_STYLE, printJson } from '#shared/utils/print-json'
import { readJson } from '#shared/utils/read-json'
import { mapOf, scalar } from '#shared/utils/tree'

/*
 * One codec per column that holds JSON as text, named after table and column; nothing else parses or prints JSON for the
 * database. Parsed where it is used: a broken old text fails one feature, not a list.
 */

const json = <Shape extends z.ZodType>(shape: Shape) =>
  z.codec(z.string(), shape, {
    decode: (text, context) => {
      try {
        return JSON.parse(text) as z.input<Shape>
      } catch {
        context.issues.push({ code: 'invalid_format', format: 'json', input: text, message: 'is not JSON' })
        return z.NEVER
      }
    },
    encode: (value) => JSON.stringify(value),
  })

const texts = () => z.array(z.string())
const textMap = () => z.record(z.string(), z.string())
const anything = () => z.record(z.string(), z.json())

const pairs = () =>
  z.codec(z.string(), z.array(z.tuple([z.string(), z.string()])), {
    decode: (text, context) => {
      try {
        const tree = readJson(text)
        return tree.kind === 'map'
          ? tree.entries.flatMap(({ key, value }) =>
              value.kind === 'scalar' ? [[key, String(value.value ?? '')] as [string, string]] : [],
            )
          : []
      } catch {
        context.issues.push({ code: 'invalid_format', format: 'json', input: text, message: 'is not JSON' })
        return z.NEVER
      }
    },
    encode: (entries) => printJson(mapOf(entries.map(([key, value]) => [key, scalar(value)])), COMPACT_STYLE),
  })

// People and sign-in
export const userPreferences = json(anything())
/** Of application and deploy keys: resource → bits. Of account keys: what narrows them, null is all. */
export const apikeyPermissions = json(
  z.union([
    z.strictObject({ servers: texts().nullable(), permissions: texts().nullable() }),
    z.record(z.string(), z.int().min(0).max(3)),
  ]),
)
/** Addresses, CIDR and ranges, as they were given. */
export const apikeyAllowedIps = json(texts())
export const oneTimeTokenData = json(anything())
export const identityProviderOptions = json(
  z.object({
    issuer: z.string().nullable().default(null),
    host: z.string().nullable().default(null),
    /** Space between them; null: the usual ones. */
    scopes: z.string().nullable().default(null),
    rolesClaim: z.string().nullable().default(null),
    /** Value of the claim → id of the role. */
    roles: textMap().default({}),
    assuresSecondFactor: z.boolean().default(false),
    onOwnNetwork: z.boolean().default(false),
    icon: z.string().nullable().default(null),
    color: z.string().nullable().default(null),
    secretSetAt: z.string().nullable().default(null),
  }),
)
/** An account that waits for its address to be proven: rows of `verifications`. */
export const registrationValue = json(
  z.object({ username: z.string(), email: z.string(), passwordHash: z.string(), language: z.string() }),
)
/** Where somebody is on his way to a provider and back: rows of `verifications`. */
export const providerVisit = json(
  z.object({ provider: z.string(), redirect: z.string().nullable(), userId: z.string().nullable() }),
)
export const userQuotaEggIds = json(texts())
export const userQuotaNodeIds = json(texts())
export const subuserPermissions = json(texts())
export const permissionPresetPermissions = json(texts())

// Nodes and what belongs to them
/** What the daemon says of its machine. */
export const nodeSystem = json(
  z.object({
    version: z.string(),
    architecture: z.string(),
    cpuThreads: z.number(),
    memoryBytes: z.number().nullable(),
    kernelVersion: z.string(),
    os: z.string(),
    osType: z.string(),
    dockerVersion: z.string().nullable(),
  }),
)
export const nodeTags = json(texts())
export const accessRevocationServers = json(texts())
const checkSteps = z.array(
  z.object({
    step: z.enum(['name', 'port', 'tls', 'answer', 'token', 'clock', 'secure', 'origin', 'socket']),
    ok: z.boolean().nullable(),
    ms: z.number().nullable(),
    cause: z.string().nullable(),
    detail: z.record(z.string(), z.union([z.string(), z.number()])).nullable(),
  }),
)
/** How far the way to the node led: from the panel (no steps before the first check), and from a browser that told. */
export const nodeLastCheck = json(
  z.object({
    checkedAt: z.string(),
    steps: checkSteps,
    browser: z.object({ reportedAt: z.string(), steps: checkSteps }).nullable(),
  }),
)
/** Rests sealed. */
export const backupHostConfiguration = json(
  z.object({
    endpoint: z.string().nullable(),
    region: z.string(),
    bucket: z.string(),
    accessKeyId: z.string(),
    secretAccessKey: z.string(),
    usesPathStyle: z.boolean(),
    storageClass: z.string().nullable(),
    partSizeBytes: z.int().nullable(),
    /** How many parts a node may send at once. */
    concurrentUploads: z.int().nullable().default(null),
    /** The keys themselves are shown to nobody. */
    keysSetAt: z.string().nullable().default(null),
  }),
)

// Eggs
export const eggFeatures = json(texts())
export const eggFileDenylist = json(texts())
/** Label → image. */
export const eggDockerImages = json(textMap())
/** Name → command. */
export const eggStartupCommands = json(textMap())
/** The two maps with their order, which an object loses where a name looks like a number. */
export const eggDockerImagePairs = pairs()
export const eggStartupCommandPairs = pairs()
export const eggTags = json(texts())
export const eggSourceExtra = json(anything())
export const eggSourceContents = json(z.json())

// Servers
export const serverDockerLabels = json(textMap())
export const backupIgnoredFiles = json(texts())
export const transferSourceAdditional = json(texts())
export const transferTargetAdditional = json(texts())
export const transferBackups = json(texts())
export const placementTags = json(texts())

// The panel
export const auditMetadata = json(anything())
/** The settings' own schema says what a value may be. */
export const settingValue = json(z.json())
/** Rests sealed. */
export const mailValues = json(z.record(z.string(), z.union([z.string(), z.number()])))
export const webhookEvents = json(texts())
/** Rests sealed. */
export const webhookHeaders = json(textMap())
export const webhookTemplate = json(z.json())
export const webhookDeliveryPayload = json(z.json())
export const notificationData = json(z.record(z.string(), z.union([z.string(), z.number()])))
export const importRunReport = json(z.json())
