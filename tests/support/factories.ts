import { randomBytes, randomUUID } from 'node:crypto'
import { eq, getTableName, type InferInsertModel, type InferSelectModel } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { hashOf } from '#server/database/hash'
import {
  apikeyAllowedIps,
  apikeyPermissions,
  backupHostConfiguration,
  eggDockerImages,
  permissionPresetPermissions,
  subuserPermissions,
  webhookEvents,
  webhookHeaders,
} from '#server/database/json'
import { only } from '#server/database/rows'
import * as schema from '#server/database/schema'

/*
 * Each factory fills in whatever a test does not care about and returns the stored row. What belongs to something else takes
 * the id of that first. Every sealed column holds a canary: a reply, a line of the log or an event that contains one leaks.
 */

type Values<Table extends PgTable> = Partial<InferInsertModel<Table>>

export const canaryOf = (place: string): string => `canary-${place}-${randomBytes(6).toString('hex')}`

const someName = (what: string) => `${what}-${randomBytes(4).toString('hex')}`

async function insert<Table extends PgTable>(
  table: Table,
  values: InferInsertModel<Table>,
): Promise<InferSelectModel<Table>> {
  const rows = await useDrizzle()
    .insert(table)
    .values(values as never)
    .returning()
    .catch((cause: Error) => {
      throw new Error(`A row of ${getTableName(table)} could not be made: ${(cause.cause as Error).message}`, { cause })
    })

  return only(rows as InferSelectModel<Table>[])
}

// People

interface UserOptions {
  /** Makes the account to sign in with. Takes a tenth of a second: only where somebody signs in. */
  password?: string
}

export async function makeUser(
  values: Values<typeof schema.users> = {},
  { password }: UserOptions = {},
): Promise<schema.UserRow> {
  const username = values.username ?? someName('user')
  const isSuspended = values.suspended ?? false
  const user = await insert(schema.users, {
    username,
    email: `${username}@example.test`,
    password: '',
    nameFirst: 'Ada',
    nameLast: 'Lovelace',
    role: values.rootAdmin ? 'admin' : 'user',
    ...(isSuspended && { banned: true, suspendedAt: now() }),
    ...(values.useTotp && { twoFactorEnabled: true }),
    ...values,
  })
  if (password !== undefined) {
    await makeCredential(user.id, password)
  }

  return user
}

export const makeRootAdmin = (values: Values<typeof schema.users> = {}, options: UserOptions = {}) =>
  makeUser({ rootAdmin: true, role: 'admin', ...values }, options)

export async function makeCredential(userId: string, password: string): Promise<schema.AccountRow> {
  const { hashPassword } = await import('#server/auth/passwords')

  return insert(schema.accounts, {
    userId,
    type: 'credential',
    provider: 'credential',
    providerId: 'credential',
    providerAccountId: userId,
    accountId: userId,
    password: await hashPassword(password),
  })
}

export async function makeLinkedAccount(
  userId: string,
  provider: string,
  values: Values<typeof schema.accounts> = {},
): Promise<schema.AccountRow> {
  const subject = values.providerAccountId ?? someName('subject')

  return insert(schema.accounts, {
    userId,
    type: 'oauth',
    provider,
    providerId: provider,
    providerAccountId: subject,
    accountId: subject,
    accessToken: canaryOf('access-token'),
    refreshToken: canaryOf('refresh-token'),
    idToken: canaryOf('id-token'),
    ...values,
  })
}

export const makeTwoFactor = (userId: string, values: Values<typeof schema.twoFactor> = {}) =>
  insert(schema.twoFactor, {
    userId,
    secret: canaryOf('two-factor'),
    verified: true,
    confirmedAt: now(),
    ...values,
  })

export const makePasskey = (userId: string, values: Values<typeof schema.passkeys> = {}) =>
  insert(schema.passkeys, {
    userId,
    name: 'Phone',
    publicKey: 'x',
    credentialID: someName('credential'),
    counter: 0,
    deviceType: 'singleDevice',
    backedUp: false,
    ...values,
  })

export const makeSshKey = (userId: string, values: Values<typeof schema.sshKeys> = {}) =>
  insert(schema.sshKeys, {
    userId,
    name: 'Laptop',
    fingerprint: randomBytes(32).toString('base64').replaceAll('=', ''),
    publicKey: '-----BEGIN PUBLIC KEY-----\r\nAAAA\r\n-----END PUBLIC KEY-----',
    algorithm: 'ssh-ed25519',
    ...values,
  })

const KEY_PREFIXES = { account: 'ptlc_', application: 'ptla_', deploy: 'papp_' } as const

interface ApiKeyValues extends Omit<Values<typeof schema.apiKeys>, 'permissions' | 'allowedIps'> {
  permissions?: z.output<typeof apikeyPermissions> | null
  allowedIps?: string[]
}

/** The row, and in `token` the whole key, as its owner saw it once. */
export async function makeApiKey(
  userId: string,
  { permissions, allowedIps = [], kind = 'account', ...values }: ApiKeyValues = {},
): Promise<schema.ApiKeyRow & { token: string }> {
  const prefix = KEY_PREFIXES[kind]
  const identifier = values.identifier ?? `${prefix}${randomBytes(6).toString('hex').slice(0, 11)}`
  const token = `${identifier}canary${randomBytes(13).toString('hex')}`
  const told = permissions ?? (kind === 'account' ? null : {})
  const row = await insert(schema.apiKeys, {
    userId,
    kind,
    identifier,
    memo: 'For tests',
    prefix,
    start: identifier.slice(0, prefix.length + 3),
    key: hashOf(token),
    permissions: told && z.encode(apikeyPermissions, told),
    allowedIps: z.encode(apikeyAllowedIps, allowedIps),
    ...(kind === 'deploy' && { remaining: 1, expiresAt: new Date(Date.now() + 3_600_000).toISOString() }),
    ...values,
  })

  return { ...row, token }
}

/** A role with what it grants: `{ nodes: 1 }` reads nodes, 2 writes, 3 is both. */
export async function makeRole(
  grants: Record<string, number> = {},
  { nodeIds, ...values }: Values<typeof schema.roles> & { nodeIds?: string[] } = {},
): Promise<schema.RoleRow> {
  const role = await insert(schema.roles, {
    name: someName('Role'),
    isNodeRestricted: nodeIds !== undefined,
    ...values,
  })
  const db = useDrizzle()
  for (const [resource, level] of Object.entries(grants)) {
    await db.insert(schema.roleGrants).values({ roleId: role.id, resource, level })
  }
  for (const nodeId of nodeIds ?? []) {
    await db.insert(schema.roleNodes).values({ roleId: role.id, nodeId })
  }

  return role
}

/** A person with a role of these grants: an administrator without `root_admin`. */
export async function makeAdministrator(
  grants: Record<string, number>,
  { nodeIds, ...values }: Values<typeof schema.users> & { nodeIds?: string[] } = {},
): Promise<schema.UserRow> {
  const role = await makeRole(grants, { ...(nodeIds && { nodeIds }) })
  const user = await makeUser({ role: 'admin', ...values })
  await insert(schema.userRoles, { userId: user.id, roleId: role.id })
  return user
}

export const makeIdentityProvider = (values: Values<typeof schema.identityProviders> = {}) =>
  insert(schema.identityProviders, {
    id: someName('provider'),
    kind: 'github',
    name: 'Provider',
    enabled: true,
    clientId: 'client',
    clientSecret: canaryOf('client-secret'),
    ...values,
  })

// Nodes and what belongs to them

export const makeLocation = (values: Values<typeof schema.locations> = {}) =>
  insert(schema.locations, { short: someName('loc'), long: 'A place', ...values })

/** `baseUrl` also says scheme, host and port, unless they are given. */
export async function makeNode(values: Values<typeof schema.wingsNodes> = {}): Promise<schema.WingsNodeRow> {
  const baseUrl = values.baseUrl ?? `http://${someName('node')}.test:8080`
  const { protocol, hostname, port } = new URL(baseUrl)
  const token = canaryOf('node-token')

  return insert(schema.wingsNodes, {
    uuid: randomUUID(),
    name: someName('Node'),
    baseUrl,
    fqdn: hostname,
    scheme: protocol === 'https:' ? 'https' : 'http',
    memory: 32_768,
    disk: 512_000,
    daemonBase: '/var/lib/pterodactyl/volumes',
    daemonListen: Number(port) || (protocol === 'https:' ? 443 : 80),
    tokenIdentifier: randomBytes(8).toString('hex'),
    tokenSecret: token,
    apiToken: token,
    ...values,
    locationId: values.locationId === undefined ? (await makeLocation()).id : values.locationId,
  })
}

let lastPort = 20_000

export function makeAllocation(nodeId: string, values: Values<typeof schema.serverAllocations> = {}) {
  lastPort += 1
  return insert(schema.serverAllocations, { nodeId, ip: '192.0.2.1', port: lastPort, ...values })
}

export async function makeMount({
  nodeIds = [],
  eggIds = [],
  ...values
}: Values<typeof schema.mounts> & { nodeIds?: string[]; eggIds?: string[] } = {}): Promise<schema.MountRow> {
  const mount = await insert(schema.mounts, {
    uuid: randomUUID(),
    name: someName('Mount'),
    source: '/srv/shared',
    target: '/mnt/shared',
    ...values,
  })
  const db = useDrizzle()
  for (const nodeId of nodeIds) {
    await db.insert(schema.mountNodes).values({ mountId: mount.id, nodeId })
  }
  for (const eggId of eggIds) {
    await db.insert(schema.mountEggs).values({ mountId: mount.id, eggId })
  }

  return mount
}

export async function makeDatabaseHost({
  nodeIds = [],
  ...values
}: Values<typeof schema.databaseHosts> & { nodeIds?: string[] } = {}): Promise<schema.DatabaseHostRow> {
  const host = await insert(schema.databaseHosts, {
    name: someName('Databases'),
    host: '192.0.2.2',
    username: 'panel',
    password: canaryOf('database-host'),
    ...values,
  })
  for (const nodeId of nodeIds) {
    await useDrizzle().insert(schema.databaseHostNodes).values({ databaseHostId: host.id, nodeId })
  }

  return host
}

/** An object store, unless `kind` says `wings`. */
export async function makeBackupHost({
  nodeIds = [],
  ...values
}: Values<typeof schema.backupHosts> & { nodeIds?: string[] } = {}): Promise<schema.BackupHostRow> {
  const kind = values.kind ?? 's3'
  const host = await insert(schema.backupHosts, {
    name: someName('Backups'),
    kind,
    configuration:
      kind === 's3'
        ? z.encode(backupHostConfiguration, {
            endpoint: 'https://objects.example.test',
            region: 'eu-1',
            bucket: 'backups',
            accessKeyId: canaryOf('access-key'),
            secretAccessKey: canaryOf('secret-access-key'),
            usesPathStyle: true,
            storageClass: null,
            partSizeBytes: null,
            concurrentUploads: null,
            keysSetAt: null,
          })
        : null,
    ...values,
  })
  for (const nodeId of nodeIds) {
    await useDrizzle().insert(schema.backupHostNodes).values({ backupHostId: host.id, nodeId })
  }

  return host
}

// Eggs

export const makeNest = (values: Values<typeof schema.nests> = {}) =>
  insert(schema.nests, { uuid: randomUUID(), author: 'eggs@example.test', name: someName('Nest'), ...values })

interface EggOptions {
  variables?: Partial<Omit<InferInsertModel<typeof schema.eggVariables>, 'eggId'>>[]
}

/** Switched off: nothing is asked of an address that is nowhere. */
export const makeEggSource = (values: Values<typeof schema.eggSources> = {}) =>
  insert(schema.eggSources, {
    name: someName('Index'),
    url: `https://${someName('index')}.example/eggs.json`,
    enabled: false,
    ...values,
  })

/** Two variables, one that users may change and one that they do not see, unless others are asked for. */
export async function makeEgg(
  values: Values<typeof schema.eggs> = {},
  {
    variables = [
      { envVariable: 'SERVER_JARFILE', name: 'Jar file', defaultValue: 'server.jar', rules: 'required|string|max:20' },
      {
        envVariable: 'BUILD_NUMBER',
        name: 'Build',
        defaultValue: 'latest',
        userViewable: false,
        userEditable: false,
        rules: 'required|string',
      },
    ],
  }: EggOptions = {},
): Promise<schema.EggRow> {
  const dockerImage = values.dockerImage ?? 'registry.example.test/java:21'
  const egg = await insert(schema.eggs, {
    uuid: randomUUID(),
    author: 'eggs@example.test',
    name: someName('Egg'),
    dockerImage,
    dockerImages: z.encode(eggDockerImages, { 'Java 21': dockerImage }),
    startup: 'java -Xmx{{SERVER_MEMORY}}M -jar {{SERVER_JARFILE}}',
    configFiles: '{}',
    configStartup: '{"done": ")! For help, type "}',
    configStop: 'stop',
    configLogs: '{}',
    scriptContainer: 'registry.example.test/installer:1',
    scriptEntry: 'ash',
    scriptInstall: '#!/bin/ash\necho installed',
    ...values,
    nestId: values.nestId ?? (await makeNest()).id,
  })
  for (const variable of variables) {
    await makeEggVariable(egg.id, variable)
  }

  return egg
}

export function makeEggVariable(eggId: string, values: Values<typeof schema.eggVariables> = {}) {
  const envVariable = values.envVariable ?? `VARIABLE_${randomBytes(3).toString('hex').toUpperCase()}`
  return insert(schema.eggVariables, { eggId, envVariable, name: envVariable, defaultValue: '', rules: '', ...values })
}

// Servers

interface ServerOptions {
  limits?: Partial<Omit<InferInsertModel<typeof schema.serverLimits>, 'serverId'>>
}

/** An installed server with its limits and a primary port; `allocationId: null` makes one whose port is gone. */
export async function makeServer(
  values: Values<typeof schema.servers> = {},
  { limits = {} }: ServerOptions = {},
): Promise<schema.ServerRow> {
  const uuid = values.uuid ?? randomUUID()
  const ownerId = values.ownerId ?? (await makeUser()).id
  const nodeId = values.nodeId ?? (await makeNode()).id
  const egg = values.eggId
    ? await findEgg(values.eggId)
    : await makeEgg({ ...(values.nestId && { nestId: values.nestId }) })
  const allocationId = values.allocationId === undefined ? (await makeAllocation(nodeId)).id : values.allocationId
  const image = values.image ?? values.dockerImage ?? egg.dockerImage
  const isSuspended = values.suspended || values.status === 'suspended'

  const server = await insert(schema.servers, {
    name: 'Survival',
    backupLimit: 2,
    databaseLimit: 2,
    allocationLimit: 2,
    startup: egg.startup,
    installedAt: now(),
    ...(isSuspended && { suspended: true, status: 'suspended' as const }),
    ...values,
    uuid,
    identifier: values.identifier ?? uuid.slice(0, 8),
    ownerId,
    nodeId,
    nestId: egg.nestId,
    eggId: egg.id,
    allocationId,
    image,
    dockerImage: image,
  })
  if (allocationId) {
    await useDrizzle()
      .update(schema.serverAllocations)
      .set({ serverId: server.id, isPrimary: true })
      .where(eq(schema.serverAllocations.id, allocationId))
  }
  await insert(schema.serverLimits, {
    serverId: server.id,
    memory: 1024,
    disk: 10_240,
    swap: 0,
    io: 500,
    cpu: 100,
    oomDisabled: server.oomDisabled,
    databaseLimit: server.databaseLimit,
    allocationLimit: server.allocationLimit,
    backupLimit: server.backupLimit,
    ...limits,
  })

  return server
}

const findEgg = async (eggId: string) =>
  only(await useDrizzle().select().from(schema.eggs).where(eq(schema.eggs.id, eggId)))

interface SubuserValues {
  userId?: string
  permissions?: readonly string[]
}

export const makeSubuser = async (serverId: string, { userId, permissions = [] }: SubuserValues = {}) =>
  insert(schema.serverSubusers, {
    serverId,
    userId: userId ?? (await makeUser()).id,
    permissions: z.encode(subuserPermissions, [...new Set(['websocket.connect', ...permissions])]),
  })

export const makePermissionPreset = (permissions: string[], values: Values<typeof schema.permissionPresets> = {}) =>
  insert(schema.permissionPresets, {
    name: someName('Preset'),
    ...values,
    permissions: z.encode(permissionPresetPermissions, permissions),
  })

export const makeServerVariable = (serverId: string, variableId: string, value: string) =>
  insert(schema.serverVariables, { serverId, variableId, value })

/** A finished one, unless `completedAt: null` says that it runs. */
export function makeBackup(serverId: string, values: Values<typeof schema.serverBackups> = {}) {
  const isRunning = values.completedAt === null
  return insert(schema.serverBackups, {
    serverId,
    uuid: randomUUID(),
    name: 'Before the update',
    ignoredFiles: '[]',
    ...(!isRunning && {
      isSuccessful: true,
      completedAt: now(),
      bytes: 3_221_225_472,
      checksum: `sha1:${randomBytes(20).toString('hex')}`,
    }),
    ...values,
  })
}

export async function makeServerDatabase(serverId: string, values: Values<typeof schema.serverDatabases> = {}) {
  return insert(schema.serverDatabases, {
    serverId,
    database: `s${serverId}_${randomBytes(4).toString('hex')}`,
    username: `u${serverId}_${randomBytes(5).toString('hex')}`,
    password: canaryOf('database'),
    provisionedAt: now(),
    ...values,
    databaseHostId: values.databaseHostId ?? (await makeDatabaseHost()).id,
  })
}

interface ScheduleOptions {
  tasks?: Partial<Omit<InferInsertModel<typeof schema.serverScheduleTasks>, 'scheduleId'>>[]
}

export async function makeSchedule(
  serverId: string,
  values: Values<typeof schema.serverSchedules> = {},
  { tasks = [] }: ScheduleOptions = {},
): Promise<schema.ScheduleRow> {
  const schedule = await insert(schema.serverSchedules, {
    serverId,
    name: 'Nightly',
    cron: '0 4 * * *',
    action: tasks[0] ? (tasks[0].action ?? 'command') : '',
    nextRunAt: new Date(Date.now() + 3_600_000).toISOString(),
    ...values,
  })
  for (const [position, task] of tasks.entries()) {
    await makeScheduleTask(schedule.id, { sequenceId: position + 1, ...task })
  }

  return schedule
}

export const makeScheduleTask = (scheduleId: string, values: Values<typeof schema.serverScheduleTasks> = {}) =>
  insert(schema.serverScheduleTasks, { scheduleId, sequenceId: 1, action: 'command', payload: 'say hello', ...values })

/** One that is open. */
export const makeTransfer = async (
  server: schema.ServerRow,
  { targetNodeId, ...values }: Values<typeof schema.serverTransfers> = {},
) =>
  insert(schema.serverTransfers, {
    serverId: server.id,
    sourceNodeId: server.nodeId,
    sourceAllocationId: server.allocationId,
    status: 'running',
    ...values,
    targetNodeId: targetNodeId ?? (await makeNode()).id,
  })

// The panel

interface WebhookValues extends Omit<Values<typeof schema.webhooks>, 'events'> {
  events?: string[]
}

/** Of one server where `serverId` is given, else of the whole panel. */
export const makeWebhook = ({ events = ['server:power.start'], ...values }: WebhookValues = {}) =>
  insert(schema.webhooks, {
    scope: values.serverId ? 'server' : 'global',
    name: 'Webhook',
    url: `https://hooks.example.test/${canaryOf('webhook-url')}`,
    urlHost: 'hooks.example.test',
    headers: z.encode(webhookHeaders, { 'x-token': canaryOf('webhook-header') }),
    signingSecret: canaryOf('webhook-signature'),
    ...values,
    events: z.encode(webhookEvents, events),
  })

export const makeSecretSetting = (key: string, secret: string = canaryOf('setting')) =>
  insert(schema.settings, { key, secret })
