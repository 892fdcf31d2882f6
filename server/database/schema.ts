import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  pgSequence,
  pgTable,
  primaryKey,
  real,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  type AnyPgColumn,
} from 'drizzle-orm/pg-core'
import {
  bytea,
  createdAt,
  held,
  now,
  numberedCheck,
  numberedId,
  secret,
  timestamps,
  updatedAt,
  uuidId,
} from './columns.ts'

/*
 * Names, types, nullability, defaults, references and indexes of the sixteen tables of the seed are the seed's; a change of
 * them carries its reason and stands in the list of tests/integration/database/seed.test.ts. Whatever else is here is ours.
 */

const moment = (name: string) => timestamp(name, { mode: 'string' })

export const usersIdSequence = pgSequence('users_id_seq')
export const wingsNodesIdSequence = pgSequence('wings_nodes_id_seq')
export const serversIdSequence = pgSequence('servers_id_seq')
export const serverAllocationsIdSequence = pgSequence('server_allocations_id_seq')
export const nestsIdSequence = pgSequence('nests_id_seq')
export const eggsIdSequence = pgSequence('eggs_id_seq')
export const eggVariablesIdSequence = pgSequence('egg_variables_id_seq')
export const serverSchedulesIdSequence = pgSequence('server_schedules_id_seq')
export const rolesIdSequence = pgSequence('roles_id_seq')
export const locationsIdSequence = pgSequence('locations_id_seq')
export const databaseHostsIdSequence = pgSequence('database_hosts_id_seq')
export const backupHostsIdSequence = pgSequence('backup_hosts_id_seq')
export const mountsIdSequence = pgSequence('mounts_id_seq')
export const serverSubusersIdSequence = pgSequence('server_subusers_id_seq')
export const serverDatabasesIdSequence = pgSequence('server_databases_id_seq')
export const serverScheduleTasksIdSequence = pgSequence('server_schedule_tasks_id_seq')

// Authentication Tables

// Users

export const users = pgTable(
  'users',
  {
    id: numberedId(usersIdSequence),
    /** Lower case. */
    username: text('username').notNull(),
    /** As it was typed, shown instead. */
    displayUsername: text('display_username'),
    /** Lower case. */
    email: text('email').notNull(),
    /** Always empty: the hash is `accounts.password`. */
    password: text('password').notNull(),
    nameFirst: text('name_first'),
    nameLast: text('name_last'),
    language: text('language').notNull().default('en'),
    /** Every right. Implies role `admin`. */
    rootAdmin: boolean('root_admin').notNull().default(false),
    /** `admin` without `root_admin` is limited by his roles; nothing decides by this alone. */
    role: text('role', { enum: ['user', 'admin'] })
      .notNull()
      .default('user'),
    /** When it was proven. better-auth sees a boolean. */
    emailVerified: moment('email_verified'),
    /** An image of ours, never an address elsewhere. */
    image: text('image').references(() => images.id, { onDelete: 'set null' }),
    suspended: boolean('suspended').notNull().default(false),
    suspendedAt: moment('suspended_at'),
    suspensionReason: text('suspension_reason'),
    passwordResetRequired: boolean('password_reset_required').notNull().default(false),
    /** The same as `suspended`, for better-auth; so are its reason and its end. */
    banned: boolean('banned'),
    banReason: text('ban_reason'),
    banExpires: moment('ban_expires'),

    // Two-Factor Authentication
    useTotp: boolean('use_totp').notNull().default(false),
    totpSecret: text('totp_secret'),
    /** Start of the last accepted step: a code works once. */
    totpAuthenticatedAt: moment('totp_authenticated_at'),
    /** The same as `use_totp`, for better-auth. */
    twoFactorEnabled: boolean('two_factor_enabled'),
    rememberToken: text('remember_token'),

    ...timestamps(),

    /** Wings, SFTP and the client API name a user by it. */
    uuid: text('uuid')
      .notNull()
      .default(sql`gen_random_uuid()::text`),
    externalId: text('external_id'),
    /** IANA name. */
    timeZone: text('time_zone').notNull().default('UTC'),
    preferences: text('preferences'),
    /** Forbids changing one's own name, e-mail address and password. */
    isManagedExternally: boolean('is_managed_externally').notNull().default(false),
    /** Codes by e-mail as second factor. */
    emailCodesEnabled: boolean('email_codes_enabled').notNull().default(false),
    passwordChangedAt: moment('password_changed_at'),
    /** Written at most once a minute; outlives the sessions. */
    lastSeenAt: moment('last_seen_at'),
  },
  (table) => [
    uniqueIndex('users_username_unique').on(table.username),
    uniqueIndex('users_email_unique').on(table.email),
    index('users_role_index').on(table.role),
    uniqueIndex('users_uuid_unique').on(table.uuid),
    uniqueIndex('users_external_id_unique').on(table.externalId),
    index('users_number_index').on(sql`(id::bigint)`),
    index('users_image_index')
      .on(table.image)
      .where(sql`image is not null`),
    index('users_ban_expires_index')
      .on(table.banExpires)
      .where(sql`ban_expires is not null`),
    numberedCheck('users'),
    check('users_username_check', sql`username = lower(username) and length(username) between 1 and 191`),
    check('users_email_check', sql`email = lower(email)`),
    check('users_password_check', sql`password = ''`),
    check('users_role_check', sql`role in ('user', 'admin')`),
    check('users_root_admin_check', sql`not root_admin or role = 'admin'`),
    check('users_suspended_twin_check', sql`suspended = coalesce(banned, false)`),
    check('users_two_factor_twin_check', sql`use_totp = coalesce(two_factor_enabled, false)`),
    check('users_unused_check', sql`totp_secret is null and remember_token is null`),
  ],
)
export type UserRow = typeof users.$inferSelect

// Sessions

export const sessions = pgTable(
  'sessions',
  {
    id: uuidId(),
    /** The secret half of the cookie; changes when a session is rotated. */
    sessionToken: text('session_token').notNull().unique(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    expires: moment('expires').notNull(),
    expiresAt: held(moment('expires_at')),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    createdAt: moment('created_at').$defaultFn(now),
    updatedAt: moment('updated_at').$defaultFn(now).$onUpdateFn(now),
    /** The administrator who acts. */
    impersonatedBy: text('impersonated_by').references(() => users.id, { onDelete: 'set null' }),
  },
  (table) => [
    index('sessions_user_id_index').on(table.userId),
    index('sessions_expires_index').on(table.expires),
    index('sessions_token_index').on(table.sessionToken),
    index('sessions_impersonated_by_index')
      .on(table.impersonatedBy)
      .where(sql`impersonated_by is not null`),
    check('sessions_expires_twin_check', sql`expires_at is not distinct from expires`),
  ],
)
export type SessionRow = typeof sessions.$inferSelect

// Session Metadata

export const sessionMetadata = pgTable(
  'session_metadata',
  {
    sessionToken: text('session_token')
      .primaryKey()
      .references(() => sessions.sessionToken, { onDelete: 'cascade' }),
    /** Carried over when a session is rotated. */
    firstSeenAt: moment('first_seen_at'),
    lastSeenAt: moment('last_seen_at'),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    deviceName: text('device_name'),
    browserName: text('browser_name'),
    osName: text('os_name'),
  },
  (table) => [index('session_metadata_last_seen_index').on(table.lastSeenAt)],
)
export type SessionMetadataRow = typeof sessionMetadata.$inferSelect

// Accounts

export const accounts = pgTable(
  'accounts',
  {
    id: uuidId(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    type: text('type', { enum: ['credential', 'oauth'] }).notNull(),
    /** `credential`, or the id of an identity provider. */
    provider: text('provider').notNull(),
    providerId: held(text('provider_id')),
    /** The user's id with `credential`, else the provider's subject. */
    providerAccountId: text('provider_account_id').notNull(),
    accountId: held(text('account_id')),
    /** scrypt as `salt:key`; bcrypt as imported, until the next sign-in. */
    password: text('password'),
    // better-auth seals the three tokens itself.
    refreshToken: text('refresh_token'),
    accessToken: text('access_token'),
    refreshTokenExpiresIn: integer('refresh_token_expires_in'),
    expiresAt: moment('expires_at'),
    accessTokenExpiresAt: moment('access_token_expires_at'),
    refreshTokenExpiresAt: moment('refresh_token_expires_at'),
    tokenType: text('token_type'),
    scope: text('scope'),
    idToken: text('id_token'),
    sessionState: text('session_state'),
    oauthTokenSecret: text('oauth_token_secret'),
    oauthToken: text('oauth_token'),
    createdAt: moment('created_at').$defaultFn(now),
    updatedAt: moment('updated_at').$defaultFn(now).$onUpdateFn(now),

    /** Name or address at the provider. */
    label: text('label'),
  },
  (table) => [
    uniqueIndex('accounts_provider_provider_account_id_index').on(table.provider, table.providerAccountId),
    index('accounts_user_id_index').on(table.userId),
    check('accounts_type_check', sql`type = case when provider = 'credential' then 'credential' else 'oauth' end`),
    check('accounts_provider_twin_check', sql`provider_id is not distinct from provider`),
    check('accounts_account_twin_check', sql`account_id is not distinct from provider_account_id`),
    check('accounts_password_check', sql`password is null or provider = 'credential'`),
    check(
      'accounts_unused_check',
      sql`refresh_token_expires_in is null and expires_at is null and token_type is null and session_state is null and oauth_token_secret is null and oauth_token is null`,
    ),
  ],
)
export type AccountRow = typeof accounts.$inferSelect

// API Keys

export const apiKeys = pgTable(
  'apikey',
  {
    id: uuidId(),
    /** The first sixteen characters of the key. */
    identifier: held(text('identifier')),
    /** The description, of every kind of key. */
    memo: text('memo'),
    name: text('name'),
    start: text('start'),
    prefix: text('prefix'),
    /** SHA-256 of the whole key, base64url. */
    key: text('key').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    refillInterval: integer('refill_interval'),
    refillAmount: integer('refill_amount'),
    lastRefillAt: moment('last_refill_at'),
    lastUsedAt: moment('last_used_at'),
    enabled: boolean('enabled').notNull().default(true),
    rateLimitEnabled: boolean('rate_limit_enabled').notNull().default(true),
    /** Seconds. */
    rateLimitTimeWindow: integer('rate_limit_time_window'),
    /** A lower limit of its own, beside its user's. */
    rateLimitMax: integer('rate_limit_max'),
    requestCount: integer('request_count').notNull().default(0),
    /** Uses left, of a deploy key. */
    remaining: integer('remaining'),
    lastRequest: moment('last_request'),
    expiresAt: moment('expires_at'),
    ...timestamps(),
    permissions: text('permissions'),
    metadata: text('metadata'),

    kind: text('kind', { enum: ['account', 'application', 'deploy'] })
      .notNull()
      .default('account'),
    allowedIps: text('allowed_ips').notNull().default('[]'),
    /** The one node that a deploy key opens. */
    nodeId: text('node_id').references(() => wingsNodes.id, { onDelete: 'cascade' }),
  },
  (table) => [
    index('api_key_user_id_index').on(table.userId),
    uniqueIndex('api_key_identifier_unique').on(table.identifier),
    uniqueIndex('api_key_key_unique').on(table.key),
    index('api_key_node_id_index')
      .on(table.nodeId)
      .where(sql`node_id is not null`),
    check('api_key_identifier_check', sql`identifier is not null`),
    check('api_key_kind_check', sql`kind in ('account', 'application', 'deploy')`),
    check(
      'api_key_deploy_check',
      sql`kind <> 'deploy' or (node_id is not null and remaining is not null and expires_at is not null)`,
    ),
    check('api_key_permissions_check', sql`kind = 'account' or permissions is not null`),
    check('api_key_last_used_twin_check', sql`last_used_at is not distinct from last_request`),
    check(
      'api_key_unused_check',
      sql`name is null and metadata is null and refill_interval is null and refill_amount is null and last_refill_at is null`,
    ),
  ],
)
export type ApiKeyRow = typeof apiKeys.$inferSelect

// Two-Factor Authentication

export const twoFactor = pgTable(
  'two_factor',
  {
    id: uuidId(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Base32 without a prefix. */
    secret: secret('two_factor.secret'),
    backupCodes: text('backup_codes'),

    /** False: the pending secret of somebody who is about to switch it on. */
    verified: boolean('verified').notNull().default(false),
    // better-auth's own count, which stays at its defaults: `throttles` counts.
    failedVerificationCount: integer('failed_verification_count').notNull().default(0),
    lockedUntil: moment('locked_until'),
    createdAt: moment('created_at').$defaultFn(now),
    confirmedAt: moment('confirmed_at'),
  },
  (table) => [
    index('two_factor_secret_idx').on(table.secret),
    index('two_factor_user_id_idx').on(table.userId),
    uniqueIndex('two_factor_user_id_unique').on(table.userId),
    check('two_factor_unused_check', sql`backup_codes is null`),
  ],
)
export type TwoFactorRow = typeof twoFactor.$inferSelect

// Server Management Tables

// Wings Nodes

export const wingsNodes = pgTable(
  'wings_nodes',
  {
    id: numberedId(wingsNodesIdSequence),
    uuid: text('uuid').notNull(),
    name: text('name').notNull(),
    description: text('description'),
    /** Where the panel reaches the node; browsers use scheme, fqdn and port. */
    baseUrl: text('base_url').notNull(),
    fqdn: text('fqdn').notNull(),
    scheme: text('scheme', { enum: ['http', 'https'] }).notNull(),
    /** May be chosen by deployment. */
    public: boolean('public').notNull().default(true),
    maintenanceMode: boolean('maintenance_mode').notNull().default(false),
    /** Our calls accept any certificate of this node. */
    allowInsecure: boolean('allow_insecure').notNull().default(false),
    behindProxy: boolean('behind_proxy').notNull().default(false),
    /** MiB; 0 is unlimited. */
    memory: integer('memory').notNull(),
    /** Percent. */
    memoryOverallocate: integer('memory_overallocate').notNull().default(0),
    /** MiB; 0 is unlimited. */
    disk: integer('disk').notNull(),
    /** Percent. */
    diskOverallocate: integer('disk_overallocate').notNull().default(0),
    /** MiB per file. */
    uploadSize: integer('upload_size').notNull().default(100),
    daemonBase: text('daemon_base').notNull(),
    daemonListen: integer('daemon_listen').notNull().default(8080),
    daemonSftp: integer('daemon_sftp').notNull().default(2022),
    /** With `token_secret` the pair that we give out. */
    tokenIdentifier: text('token_identifier').notNull(),
    tokenSecret: secret('wings_nodes.token_secret').notNull(),
    /** What the node has in its memory now: bearer and JWT key of all that we send. Differs from `token_secret` during a rotation only. */
    apiToken: secret('wings_nodes.api_token').notNull(),
    locationId: text('location_id').references(() => locations.id),
    /** Last authenticated call, either way. Written at most once a minute. */
    lastSeenAt: moment('last_seen_at'),
    ...timestamps(),

    /** The port that the world uses, where it is not `daemon_listen`. */
    connectPort: integer('connect_port'),
    sftpAlias: text('sftp_alias'),
    /** How browsers get to the console and the files. */
    browserRoute: text('browser_route', { enum: ['auto', 'direct', 'panel'] })
      .notNull()
      .default('auto'),
    flavour: text('flavour', { enum: ['pterodactyl', 'pelican'] }),
    version: text('version'),
    system: text('system'),
    systemSeenAt: moment('system_seen_at'),
    /** The old pair, accepted until the new one is seen. */
    previousTokenIdentifier: text('previous_token_identifier'),
    previousTokenSecret: secret('wings_nodes.previous_token_secret'),
    rotatedAt: moment('rotated_at'),
    /** Percent of a thread; 0 is unlimited. */
    cpu: integer('cpu').notNull().default(0),
    cpuOverallocate: integer('cpu_overallocate').notNull().default(0),
    /** What an overallocation of −1 means: without this literally −1 %. */
    negativeIsUnlimited: boolean('negative_is_unlimited').notNull().default(false),
    tags: text('tags').notNull().default('[]'),
    /** Set at the third silence. */
    unreachableSince: moment('unreachable_since'),
    lastCheck: text('last_check'),
    /** Saved here, not yet taken over by Wings. */
    configurationPendingSince: moment('configuration_pending_since'),
    /** Somebody's right has ended, and the node could not be told: see `access_revocations`. */
    accessPendingSince: moment('access_pending_since'),
  },
  (table) => [
    uniqueIndex('wings_nodes_base_url_unique').on(table.baseUrl),
    uniqueIndex('wings_nodes_uuid_unique').on(table.uuid),
    uniqueIndex('wings_nodes_token_identifier_unique').on(table.tokenIdentifier),
    uniqueIndex('wings_nodes_previous_token_identifier_unique')
      .on(table.previousTokenIdentifier)
      .where(sql`previous_token_identifier is not null`),
    index('wings_nodes_location_id_index').on(table.locationId),
    numberedCheck('wings_nodes'),
    check('wings_nodes_scheme_check', sql`scheme in ('http', 'https')`),
    check('wings_nodes_browser_route_check', sql`browser_route in ('auto', 'direct', 'panel')`),
    check('wings_nodes_flavour_check', sql`flavour in ('pterodactyl', 'pelican')`),
    check(
      'wings_nodes_ports_check',
      sql`daemon_listen between 1 and 65535 and daemon_sftp between 1 and 65535 and (connect_port is null or connect_port between 1 and 65535)`,
    ),
    check('wings_nodes_sizes_check', sql`memory >= 0 and disk >= 0 and cpu >= 0 and upload_size >= 0`),
    check(
      'wings_nodes_overallocate_check',
      sql`memory_overallocate >= -1 and disk_overallocate >= -1 and cpu_overallocate >= -1`,
    ),
    check(
      'wings_nodes_previous_token_check',
      sql`num_nulls(previous_token_identifier, previous_token_secret, rotated_at) in (0, 3)`,
    ),
  ],
)
export type WingsNodeRow = typeof wingsNodes.$inferSelect

/** That a right has ended, until the node was told. Without keys to people and servers: both may be gone by then. */
export const accessRevocations = pgTable(
  'access_revocations',
  {
    id: uuidId(),
    nodeId: text('node_id')
      .notNull()
      .references(() => wingsNodes.id, { onDelete: 'cascade' }),
    userId: text('user_id').notNull(),
    /** Under which the node knows him. */
    userUuid: text('user_uuid').notNull(),
    /** The uuids of those where his right ended. */
    servers: text('servers').notNull(),
    ...timestamps(),
  },
  (table) => [index('access_revocations_node_id_index').on(table.nodeId)],
)
export type AccessRevocationRow = typeof accessRevocations.$inferSelect

// Servers

export const servers = pgTable(
  'servers',
  {
    id: numberedId(serversIdSequence),
    /** Also the name of the container and of the folder on the node. */
    uuid: text('uuid').notNull(),
    /** Eight characters, for URLs and SFTP. */
    identifier: text('identifier').notNull(),
    externalId: text('external_id'),
    name: text('name').notNull(),
    description: text('description'),
    /** Null is normal. A transfer is an open row of `server_transfers`; power is never stored. */
    status: text('status', {
      enum: ['installing', 'install_failed', 'reinstall_failed', 'suspended', 'restoring_backup'],
    }),
    suspended: boolean('suspended').notNull().default(false),
    skipScripts: boolean('skip_scripts').notNull().default(false),
    // The seed leaves open what follows the owner and the node; its promise that they take their servers along is kept here.
    ownerId: held(text('owner_id').references(() => users.id, { onDelete: 'cascade' })),
    nodeId: held(text('node_id').references(() => wingsNodes.id, { onDelete: 'cascade' })),
    /** Null only when the port's row is gone. */
    allocationId: text('allocation_id').references((): AnyPgColumn => serverAllocations.id, { onDelete: 'set null' }),
    // A nest or an egg in use stays.
    nestId: held(text('nest_id').references(() => nests.id, { onDelete: 'restrict' })),
    eggId: held(text('egg_id').references(() => eggs.id, { onDelete: 'restrict' })),
    /** As the egg has it: nothing is filled in. */
    startup: held(text('startup')),
    image: held(text('image')),
    /** The same as `image`. A `~` before it: an image of the node. */
    dockerImage: held(text('docker_image')),
    // The limits stand in `server_limits` too.
    allocationLimit: integer('allocation_limit'),
    databaseLimit: integer('database_limit'),
    backupLimit: integer('backup_limit').notNull().default(0),
    oomDisabled: boolean('oom_disabled').notNull().default(true),
    /** Set by every report of an installation; null: the first one is still to come. */
    installedAt: moment('installed_at'),
    ...timestamps(),

    /** What `suspended` covers. */
    previousStatus: text('previous_status', { enum: ['installing', 'install_failed', 'reinstall_failed'] }),
    statusChangedAt: moment('status_changed_at'),
    iconId: text('icon_id').references(() => images.id, { onDelete: 'set null' }),
    dockerLabels: text('docker_labels').notNull().default('{}'),
    /** Null is the node's default. */
    crashDetectionEnabled: boolean('crash_detection_enabled'),
    /** Of what a running server takes over at its next start. */
    configurationChangedAt: moment('configuration_changed_at'),
    /** Committed, and the node was not told. */
    syncPendingSince: moment('sync_pending_since'),
  },
  (table) => [
    uniqueIndex('servers_uuid_unique').on(table.uuid),
    uniqueIndex('servers_identifier_unique').on(table.identifier),
    uniqueIndex('servers_external_id_unique').on(table.externalId),
    index('servers_owner_id_index').on(table.ownerId),
    index('servers_node_id_index').on(table.nodeId),
    index('servers_status_index').on(table.status),
    uniqueIndex('servers_allocation_id_unique').on(table.allocationId),
    index('servers_egg_id_index').on(table.eggId),
    index('servers_nest_id_index').on(table.nestId),
    index('servers_number_index').on(sql`(id::bigint)`),
    index('servers_sync_pending_since_index')
      .on(table.syncPendingSince)
      .where(sql`sync_pending_since is not null`),
    index('servers_icon_id_index')
      .on(table.iconId)
      .where(sql`icon_id is not null`),
    numberedCheck('servers'),
    check('servers_uuid_check', sql`uuid ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'`),
    check('servers_identifier_check', sql`identifier ~ '^[a-z0-9]{8}$'`),
    check(
      'servers_status_check',
      sql`status in ('installing', 'install_failed', 'reinstall_failed', 'suspended', 'restoring_backup')`,
    ),
    check(
      'servers_previous_status_check',
      sql`previous_status in ('installing', 'install_failed', 'reinstall_failed')`,
    ),
    check('servers_suspended_twin_check', sql`suspended = (status is not distinct from 'suspended')`),
    check('servers_image_twin_check', sql`docker_image is not distinct from image`),
    check('servers_filled_check', sql`num_nulls(owner_id, node_id, nest_id, egg_id, startup, docker_image, image) = 0`),
    check(
      'servers_limits_check',
      sql`backup_limit >= 0 and (allocation_limit is null or allocation_limit >= 0) and (database_limit is null or database_limit >= 0)`,
    ),
  ],
)
export type ServerRow = typeof servers.$inferSelect

// Server Limits

export const serverLimits = pgTable(
  'server_limits',
  {
    serverId: text('server_id')
      .primaryKey()
      .notNull()
      .references(() => servers.id, { onDelete: 'cascade' }),
    /** MiB; 0 is unlimited. */
    memory: held(integer('memory')),
    memoryOverallocate: integer('memory_overallocate'),
    /** MiB; 0 is unlimited. */
    disk: held(integer('disk')),
    diskOverallocate: integer('disk_overallocate'),
    /** MiB; −1 is unlimited, 0 is none. */
    swap: held(integer('swap')),
    /** 10 to 1000; 0 is not set. */
    io: held(integer('io')),
    /** Percent of a thread; 0 is unlimited. */
    cpu: held(integer('cpu')),
    /** A cpuset such as `0,2-3`. */
    threads: text('threads'),
    oomDisabled: boolean('oom_disabled').notNull().default(true),
    databaseLimit: integer('database_limit'),
    allocationLimit: integer('allocation_limit'),
    backupLimit: held(integer('backup_limit')),
    ...timestamps(),
  },
  () => [
    check('server_limits_filled_check', sql`num_nulls(memory, disk, swap, io, cpu, backup_limit) = 0`),
    check(
      'server_limits_range_check',
      sql`memory >= 0 and disk >= 0 and swap >= -1 and io between 0 and 1000 and cpu >= 0 and backup_limit >= 0 and (allocation_limit is null or allocation_limit >= 0) and (database_limit is null or database_limit >= 0)`,
    ),
    check('server_limits_unused_check', sql`memory_overallocate is null and disk_overallocate is null`),
  ],
)
export type ServerLimitsRow = typeof serverLimits.$inferSelect

// Server Allocations

export const serverAllocations = pgTable(
  'server_allocations',
  {
    id: numberedId(serverAllocationsIdSequence),
    nodeId: text('node_id')
      .notNull()
      .references(() => wingsNodes.id, { onDelete: 'cascade' }),
    /** Null: in the node's pool. A trigger clears the port when it returns there. */
    serverId: text('server_id').references((): AnyPgColumn => servers.id, { onDelete: 'set null' }),
    ip: text('ip').notNull(),
    port: integer('port').notNull(),
    /** The same as `servers.allocation_id`. */
    isPrimary: boolean('is_primary').notNull().default(false),
    ipAlias: text('ip_alias'),
    notes: text('notes'),
    ...timestamps(),

    /** Given by an administrator: users cannot release it. */
    isLocked: boolean('is_locked').notNull().default(false),
    isPortShown: boolean('is_port_shown').notNull().default(true),
  },
  (table) => [
    uniqueIndex('server_allocations_unique').on(table.nodeId, table.ip, table.port),
    index('server_allocations_server_id_index').on(table.serverId),
    uniqueIndex('server_allocations_primary_unique')
      .on(table.serverId)
      .where(sql`is_primary`),
    index('server_allocations_free_index')
      .on(table.nodeId, table.ip, table.port)
      .where(sql`server_id is null`),
    index('server_allocations_ip_index').on(table.ip, table.port),
    index('server_allocations_number_index').on(table.nodeId, sql`(id::bigint)`),
    numberedCheck('server_allocations'),
    check('server_allocations_port_check', sql`port between 1 and 65535`),
    check(
      'server_allocations_free_check',
      sql`server_id is not null or (not is_primary and not is_locked and notes is null)`,
    ),
  ],
)
export type AllocationRow = typeof serverAllocations.$inferSelect

// Nest & Egg System

// Nests

export const nests = pgTable(
  'nests',
  {
    id: numberedId(nestsIdSequence),
    uuid: text('uuid').notNull().unique(),
    /** An e-mail address. */
    author: text('author').notNull(),
    name: text('name').notNull(),
    description: text('description'),
    ...timestamps(),
  },
  () => [numberedCheck('nests')],
)
export type NestRow = typeof nests.$inferSelect

// Eggs

export const eggs = pgTable(
  'eggs',
  {
    id: numberedId(eggsIdSequence),
    /** Wings knows it as `egg.id`; what is imported again is recognised by it. */
    uuid: text('uuid').notNull().unique(),
    nestId: text('nest_id')
      .notNull()
      .references(() => nests.id, { onDelete: 'cascade' }),
    author: text('author').notNull(),
    name: text('name').notNull(),
    description: text('description'),
    // Null inherits, an empty list does not.
    features: text('features'),
    fileDenylist: text('file_denylist'),
    updateUrl: text('update_url'),
    /** The first of `docker_images`. */
    dockerImage: text('docker_image').notNull(),
    /** Label → image; the order counts. */
    dockerImages: text('docker_images'),
    /** The first of `startup_commands`. */
    startup: text('startup').notNull(),
    // Kept byte for byte; null inherits.
    configFiles: text('config_files'),
    configStartup: text('config_startup'),
    configStop: text('config_stop'),
    configLogs: text('config_logs'),
    scriptContainer: text('script_container'),
    scriptEntry: text('script_entry'),
    scriptInstall: text('script_install'),
    copyScriptFrom: text('copy_script_from').references((): AnyPgColumn => eggs.id),
    ...timestamps(),

    // Not restrict: a nest with parent and child goes in one statement.
    configFrom: text('config_from').references((): AnyPgColumn => eggs.id),
    isScriptPrivileged: boolean('is_script_privileged').notNull().default(true),
    forceOutgoingIp: boolean('force_outgoing_ip').notNull().default(false),
    /** Name → command; the order counts. Null: only `startup`. */
    startupCommands: text('startup_commands'),
    tags: text('tags').notNull().default('[]'),
    /** A name of lucide. */
    icon: text('icon'),
    iconId: text('icon_id').references(() => images.id, { onDelete: 'set null' }),
    /** `PTDL_v1` to `PLCN_v3`. */
    sourceFormat: text('source_format'),
    /** Keys that we do not know, returned on export. */
    sourceExtra: text('source_extra'),
    sourceId: text('source_id').references(() => eggSources.id, { onDelete: 'set null' }),
    /** Of the export, without its `exported_at`. */
    updateHash: text('update_hash'),
    updateAvailable: boolean('update_available').notNull().default(false),
    updateCheckedAt: moment('update_checked_at'),
  },
  (table) => [
    index('eggs_nest_id_index').on(table.nestId),
    index('eggs_config_from_index').on(table.configFrom),
    index('eggs_copy_script_from_index').on(table.copyScriptFrom),
    numberedCheck('eggs'),
    check('eggs_parent_check', sql`config_from <> id and copy_script_from <> id`),
  ],
)
export type EggRow = typeof eggs.$inferSelect

// Egg Variables

export const eggVariables = pgTable(
  'egg_variables',
  {
    id: numberedId(eggVariablesIdSequence),
    eggId: text('egg_id')
      .notNull()
      .references(() => eggs.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    description: text('description'),
    envVariable: text('env_variable').notNull(),
    /** Null is `''`. */
    defaultValue: text('default_value'),
    userViewable: boolean('user_viewable').notNull().default(true),
    userEditable: boolean('user_editable').notNull().default(true),
    /** Laravel's rules, joined by `|`, as they were given. */
    rules: text('rules'),
    ...timestamps(),

    sort: integer('sort'),
  },
  (table) => [
    uniqueIndex('egg_variables_egg_id_env_variable_unique').on(table.eggId, table.envVariable),
    numberedCheck('egg_variables'),
    check('egg_variables_env_variable_check', sql`env_variable ~ '^[A-Za-z0-9_]{1,191}$'`),
  ],
)
export type EggVariableRow = typeof eggVariables.$inferSelect

// Additional Features

// Audit Events

export const auditEvents = pgTable(
  'audit_events',
  {
    /** Carries `occurred_at`, so that its order is the order of events. */
    id: text('id').primaryKey(),
    /** When it happened; with what a node reports, the node's time. */
    occurredAt: moment('occurred_at').notNull(),
    /** A user's or a node's id, or `system`. */
    actor: text('actor').notNull(),
    actorType: text('actor_type', { enum: ['user', 'node', 'system'] }).notNull(),
    action: text('action').notNull(),
    targetType: text('target_type').notNull(),
    targetId: text('target_id'),
    metadata: text('metadata'),
    createdAt: createdAt(),

    // None of these has a key: an event outlives what it speaks of.
    actorName: text('actor_name'),
    impersonatorId: text('impersonator_id'),
    ip: text('ip'),
    apiKeyIdentifier: text('api_key_identifier'),
    /** The rows of one transaction. */
    batch: text('batch'),
    serverId: text('server_id'),
    nodeId: text('node_id'),
    /** What a node reports twice is stored once. */
    dedupeKey: text('dedupe_key'),
  },
  (table) => [
    uniqueIndex('audit_events_occurred_id').on(table.occurredAt, table.id),
    index('audit_events_actor_index').on(table.actor),
    index('audit_events_action_index').on(table.action),
    index('audit_events_occurred_at_index').on(table.occurredAt),
    index('audit_events_server_id_index')
      .on(table.serverId, table.id.desc().nullsFirst())
      .where(sql`server_id is not null`),
    index('audit_events_target_index')
      .on(table.targetType, table.targetId, table.id.desc().nullsFirst())
      .where(sql`target_type <> 'server'`),
    // Each ends in the id, so that the newest of one person, action or key are the first rows of a walk.
    index('audit_events_actor_id_index').on(table.actor, table.id.desc().nullsFirst()),
    index('audit_events_action_id_index').on(table.action, table.id.desc().nullsFirst()),
    index('audit_events_administration_index')
      .on(table.id.desc().nullsFirst())
      .where(sql`action like 'admin:%'`),
    index('audit_events_impersonator_index')
      .on(table.impersonatorId, table.id.desc().nullsFirst())
      .where(sql`impersonator_id is not null`),
    index('audit_events_api_key_index')
      .on(table.apiKeyIdentifier, table.id.desc().nullsFirst())
      .where(sql`api_key_identifier is not null`),
    uniqueIndex('audit_events_dedupe_key_unique')
      .on(table.dedupeKey)
      .where(sql`dedupe_key is not null`),
    check('audit_events_actor_type_check', sql`actor_type in ('user', 'node', 'system')`),
  ],
)
export type AuditEventRow = typeof auditEvents.$inferSelect

// Server Backups

export const serverBackups = pgTable(
  'server_backups',
  {
    id: uuidId(),
    serverId: text('server_id')
      .notNull()
      .references(() => servers.id, { onDelete: 'cascade' }),
    /** Also the archive's name on the node: Wings reports the result under it. */
    uuid: text('uuid').notNull(),
    name: text('name').notNull(),
    ignoredFiles: text('ignored_files'),
    disk: text('disk', { enum: ['wings', 's3'] })
      .notNull()
      .default('wings'),
    /** `sha1:` and hexadecimal digits. */
    checksum: text('checksum'),
    /** Wider than the seed's: at 2 GiB an int4 refuses the report, and Wings deletes the archive. */
    bytes: bigint('bytes', { mode: 'number' }).notNull().default(0),
    isSuccessful: boolean('is_successful').notNull().default(false),
    isLocked: boolean('is_locked').notNull().default(false),
    /** Null: still running. */
    completedAt: moment('completed_at'),
    ...timestamps(),

    backupHostId: text('backup_host_id').references(() => backupHosts.id, { onDelete: 'restrict' }),
    /** The node that makes it, and where a local archive lies: after a transfer not the server's. */
    nodeId: text('node_id').references(() => wingsNodes.id, { onDelete: 'set null' }),
    /** Of the multipart upload. */
    uploadId: text('upload_id'),
    isScheduled: boolean('is_scheduled').notNull().default(false),
    /** A code. */
    failure: text('failure'),
    /** Hidden everywhere, but the throttle counts it for a day. */
    deletedAt: moment('deleted_at'),
  },
  (table) => [
    uniqueIndex('server_backups_uuid_unique').on(table.uuid),
    index('server_backups_server_id_index').on(table.serverId),
    index('server_backups_running_index')
      .on(table.createdAt)
      .where(sql`completed_at is null`),
    index('server_backups_deleted_at_index')
      .on(table.deletedAt)
      .where(sql`deleted_at is not null`),
    index('server_backups_backup_host_id_index').on(table.backupHostId),
    index('server_backups_node_id_index').on(table.nodeId),
    check('server_backups_uuid_check', sql`uuid ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'`),
    check('server_backups_successful_check', sql`not is_successful or completed_at is not null`),
  ],
)
export type BackupRow = typeof serverBackups.$inferSelect

// Server Schedules

export const serverSchedules = pgTable(
  'server_schedules',
  {
    id: numberedId(serverSchedulesIdSequence),
    serverId: text('server_id')
      .notNull()
      .references(() => servers.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** Five fields, one blank between them. */
    cron: text('cron').notNull(),
    /** That of the first task; empty without one. */
    action: text('action').notNull(),
    nextRunAt: moment('next_run_at'),
    lastRunAt: moment('last_run_at'),
    enabled: boolean('enabled').notNull().default(true),
    ...timestamps(),

    /** The clock by which `cron` is read. */
    timeZone: text('time_zone').notNull().default('UTC'),
    onlyWhenOnline: boolean('only_when_online').notNull().default(false),
    isProcessing: boolean('is_processing').notNull().default(false),
    processingSince: moment('processing_since'),
    missedRunPolicy: text('missed_run_policy', { enum: ['skip', 'run_once'] })
      .notNull()
      .default('skip'),
    lastRunStatus: text('last_run_status', { enum: ['running', 'succeeded', 'failed', 'skipped'] }),
  },
  (table) => [
    index('server_schedules_enabled_next_run_index').on(table.enabled, table.nextRunAt),
    index('server_schedules_server_id_index').on(table.serverId),
    index('server_schedules_processing_index')
      .on(table.processingSince)
      .where(sql`is_processing`),
    numberedCheck('server_schedules'),
    check('server_schedules_processing_check', sql`is_processing = (processing_since is not null)`),
    check('server_schedules_missed_run_policy_check', sql`missed_run_policy in ('skip', 'run_once')`),
  ],
)
export type ScheduleRow = typeof serverSchedules.$inferSelect

// Beside the seed: people and sign-in

export const sshKeys = pgTable(
  'ssh_keys',
  {
    id: uuidId(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** SHA-256, base64 without `=`. */
    fingerprint: text('fingerprint').notNull(),
    /** PEM, SPKI, CRLF, as the API shows it. */
    publicKey: text('public_key').notNull(),
    algorithm: text('algorithm').notNull(),
    lastUsedAt: moment('last_used_at'),
    ...timestamps(),
  },
  (table) => [uniqueIndex('ssh_keys_user_id_fingerprint_unique').on(table.userId, table.fingerprint)],
)
export type SshKeyRow = typeof sshKeys.$inferSelect

export const recoveryCodes = pgTable(
  'recovery_codes',
  {
    id: uuidId(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** `h1:` and a keyed hash, or bcrypt as imported. */
    codeHash: text('code_hash').notNull(),
    usedAt: moment('used_at'),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex('recovery_codes_user_id_code_hash_unique').on(table.userId, table.codeHash)],
)
export type RecoveryCodeRow = typeof recoveryCodes.$inferSelect

/** better-auth's model, down to the spelling of `credentialID`. */
export const passkeys = pgTable(
  'passkeys',
  {
    id: uuidId(),
    name: text('name'),
    publicKey: text('public_key').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    credentialID: text('credential_id').notNull(),
    counter: bigint('counter', { mode: 'number' }).notNull(),
    deviceType: text('device_type').notNull(),
    backedUp: boolean('backed_up').notNull(),
    transports: text('transports'),
    aaguid: text('aaguid'),
    createdAt: moment('created_at').$defaultFn(now),

    lastUsedAt: moment('last_used_at'),
  },
  (table) => [
    uniqueIndex('passkeys_credential_id_unique').on(table.credentialID),
    index('passkeys_user_id_index').on(table.userId),
  ],
)
export type PasskeyRow = typeof passkeys.$inferSelect

/** better-auth's model: states of OAuth and challenges of passkeys. Links and codes of ours are `one_time_tokens`. */
export const verifications = pgTable(
  'verifications',
  {
    id: uuidId(),
    identifier: text('identifier').notNull(),
    value: text('value').notNull(),
    expiresAt: moment('expires_at').notNull(),
    createdAt: moment('created_at').$defaultFn(now),
    updatedAt: moment('updated_at').$defaultFn(now).$onUpdateFn(now),
  },
  (table) => [
    index('verifications_identifier_index').on(table.identifier),
    index('verifications_expires_at_index').on(table.expiresAt),
  ],
)
export type VerificationRow = typeof verifications.$inferSelect

/** Every link and every code that we send. */
export const oneTimeTokens = pgTable(
  'one_time_tokens',
  {
    id: uuidId(),
    purpose: text('purpose', {
      enum: [
        'panel.setup',
        'account.setup',
        'password.reset',
        'email.change',
        'sign-in.checkpoint',
        'sign-in.email-code',
      ],
    }).notNull(),
    tokenHash: text('token_hash').notNull(),
    userId: text('user_id').references(() => users.id, { onDelete: 'cascade' }),
    data: text('data'),
    /** The address that it is bound to. */
    ip: text('ip'),
    expiresAt: moment('expires_at').notNull(),
    usedAt: moment('used_at'),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('one_time_tokens_token_hash_unique').on(table.tokenHash),
    index('one_time_tokens_user_id_purpose_index').on(table.userId, table.purpose),
    index('one_time_tokens_expires_at_index').on(table.expiresAt),
    check(
      'one_time_tokens_purpose_check',
      sql`purpose in ('panel.setup', 'account.setup', 'password.reset', 'email.change', 'sign-in.checkpoint', 'sign-in.email-code')`,
    ),
    check('one_time_tokens_user_check', sql`user_id is not null or purpose = 'panel.setup'`),
  ],
)
export type OneTimeTokenRow = typeof oneTimeTokens.$inferSelect

export const trustedDevices = pgTable(
  'trusted_devices',
  {
    id: uuidId(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    tokenHash: text('token_hash').notNull(),
    deviceName: text('device_name'),
    ip: text('ip'),
    lastUsedAt: moment('last_used_at'),
    expiresAt: moment('expires_at').notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('trusted_devices_token_hash_unique').on(table.tokenHash),
    index('trusted_devices_user_id_index').on(table.userId),
    index('trusted_devices_expires_at_index').on(table.expiresAt),
  ],
)
export type TrustedDeviceRow = typeof trustedDevices.$inferSelect

export const identityProviders = pgTable(
  'identity_providers',
  {
    /** A slug, chosen once: accounts name their provider by it. */
    id: text('id').primaryKey(),
    kind: text('kind').notNull(),
    name: text('name').notNull(),
    enabled: boolean('enabled').notNull().default(false),
    clientId: text('client_id').notNull(),
    clientSecret: secret('identity_providers.client_secret').notNull(),
    options: text('options').notNull().default('{}'),
    createsUsers: boolean('creates_users').notNull().default(false),
    linksUsers: boolean('links_users').notNull().default(false),
    position: integer('position').notNull().default(0),
    ...timestamps(),
  },
  () => [check('identity_providers_id_check', sql`id ~ '^[a-z0-9][a-z0-9-]*$' and id <> 'credential'`)],
)
export type IdentityProviderRow = typeof identityProviders.$inferSelect

export const throttles = pgTable(
  'throttles',
  {
    bucket: text('bucket').notNull(),
    /** A keyed hash of name and address. */
    subject: text('subject').notNull(),
    attempts: integer('attempts').notNull().default(0),
    windowEndsAt: moment('window_ends_at').notNull(),
    lockedUntil: moment('locked_until'),
  },
  (table) => [
    primaryKey({ columns: [table.bucket, table.subject] }),
    index('throttles_window_ends_at_index').on(table.windowEndsAt),
  ],
)
export type ThrottleRow = typeof throttles.$inferSelect

/** In the database, so that several processes and the backup have them. */
export const images = pgTable(
  'images',
  {
    id: uuidId(),
    kind: text('kind', { enum: ['avatar', 'server', 'egg', 'logo', 'favicon'] }).notNull(),
    /** What we encoded ourselves. */
    mediaType: text('media_type', { enum: ['image/png', 'image/webp'] }).notNull(),
    bytes: bytea('bytes').notNull(),
    sha256: text('sha256').notNull(),
    width: integer('width').notNull(),
    height: integer('height').notNull(),
    createdAt: createdAt(),
  },
  () => [
    check('images_kind_check', sql`kind in ('avatar', 'server', 'egg', 'logo', 'favicon')`),
    check('images_media_type_check', sql`media_type in ('image/png', 'image/webp')`),
    check('images_bytes_check', sql`octet_length(bytes) <= 524288`),
  ],
)
export type ImageRow = typeof images.$inferSelect

/** What somebody may use for servers that he makes himself; without a row he may make none. Null is unlimited. */
export const userQuotas = pgTable('user_quotas', {
  userId: text('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  servers: integer('servers'),
  /** MiB. */
  memory: integer('memory'),
  /** MiB. */
  disk: integer('disk'),
  /** Percent of a thread. */
  cpu: integer('cpu'),
  databases: integer('databases'),
  backups: integer('backups'),
  allocations: integer('allocations'),
  eggIds: text('egg_ids'),
  nodeIds: text('node_ids'),
  ...timestamps(),
})
export type UserQuotaRow = typeof userQuotas.$inferSelect

export const roles = pgTable(
  'roles',
  {
    id: numberedId(rolesIdSequence),
    name: text('name').notNull(),
    description: text('description'),
    /** With it the role reaches the nodes of `role_nodes` only, even where none is left. */
    isNodeRestricted: boolean('is_node_restricted').notNull().default(false),
    ...timestamps(),
  },
  (table) => [uniqueIndex('roles_name_unique').on(table.name), numberedCheck('roles')],
)
export type RoleRow = typeof roles.$inferSelect

export const roleGrants = pgTable(
  'role_grants',
  {
    roleId: text('role_id')
      .notNull()
      .references(() => roles.id, { onDelete: 'cascade' }),
    resource: text('resource').notNull(),
    /** Bits, as in keys: 1 reads, 2 writes. */
    level: smallint('level').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.roleId, table.resource] }),
    check('role_grants_level_check', sql`level between 1 and 3`),
  ],
)
export type RoleGrantRow = typeof roleGrants.$inferSelect

export const roleNodes = pgTable(
  'role_nodes',
  {
    roleId: text('role_id')
      .notNull()
      .references(() => roles.id, { onDelete: 'cascade' }),
    nodeId: text('node_id')
      .notNull()
      .references(() => wingsNodes.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ columns: [table.roleId, table.nodeId] }),
    index('role_nodes_node_id_index').on(table.nodeId),
  ],
)
export type RoleNodeRow = typeof roleNodes.$inferSelect

export const userRoles = pgTable(
  'user_roles',
  {
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** A role in use is not deleted. */
    roleId: text('role_id')
      .notNull()
      .references(() => roles.id, { onDelete: 'restrict' }),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.roleId] }),
    index('user_roles_role_id_index').on(table.roleId),
  ],
)
export type UserRoleRow = typeof userRoles.$inferSelect

// Beside the seed: infrastructure

export const locations = pgTable(
  'locations',
  {
    id: numberedId(locationsIdSequence),
    short: text('short').notNull(),
    long: text('long'),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex('locations_short_unique').on(table.short),
    numberedCheck('locations'),
    check('locations_length_check', sql`length(short) <= 60 and (long is null or length(long) <= 191)`),
  ],
)
export type LocationRow = typeof locations.$inferSelect

export const databaseHosts = pgTable(
  'database_hosts',
  {
    id: numberedId(databaseHostsIdSequence),
    name: text('name').notNull(),
    engine: text('engine', { enum: ['mysql', 'postgresql'] })
      .notNull()
      .default('mysql'),
    host: text('host').notNull(),
    port: integer('port').notNull().default(3306),
    username: text('username').notNull(),
    password: secret('database_hosts.password').notNull(),
    maxDatabases: integer('max_databases'),
    // What players see, where it is not host and port.
    publicHost: text('public_host'),
    publicPort: integer('public_port'),
    tlsMode: text('tls_mode', { enum: ['off', 'prefer', 'require', 'verify'] })
      .notNull()
      .default('prefer'),
    checkedAt: moment('checked_at'),
    /** A code. */
    failure: text('failure'),
    ...timestamps(),
  },
  () => [
    numberedCheck('database_hosts'),
    check('database_hosts_engine_check', sql`engine in ('mysql', 'postgresql')`),
    check('database_hosts_tls_mode_check', sql`tls_mode in ('off', 'prefer', 'require', 'verify')`),
  ],
)
export type DatabaseHostRow = typeof databaseHosts.$inferSelect

export const databaseHostNodes = pgTable(
  'database_host_nodes',
  {
    databaseHostId: text('database_host_id')
      .notNull()
      .references(() => databaseHosts.id, { onDelete: 'cascade' }),
    nodeId: text('node_id')
      .notNull()
      .references(() => wingsNodes.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ columns: [table.databaseHostId, table.nodeId] }),
    index('database_host_nodes_node_id_index').on(table.nodeId),
  ],
)
export type DatabaseHostNodeRow = typeof databaseHostNodes.$inferSelect

export const backupHosts = pgTable(
  'backup_hosts',
  {
    id: numberedId(backupHostsIdSequence),
    name: text('name').notNull(),
    kind: text('kind', { enum: ['wings', 's3'] }).notNull(),
    configuration: secret('backup_hosts.configuration'),
    isDefault: boolean('is_default').notNull().default(false),
    checkedAt: moment('checked_at'),
    /** A code. */
    failure: text('failure'),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex('backup_hosts_name_unique').on(table.name),
    uniqueIndex('backup_hosts_default_unique')
      .on(table.isDefault)
      .where(sql`is_default`),
    numberedCheck('backup_hosts'),
    check('backup_hosts_kind_check', sql`kind in ('wings', 's3')`),
    check('backup_hosts_configuration_check', sql`(configuration is not null) = (kind = 's3')`),
  ],
)
export type BackupHostRow = typeof backupHosts.$inferSelect

export const backupHostNodes = pgTable(
  'backup_host_nodes',
  {
    backupHostId: text('backup_host_id')
      .notNull()
      .references(() => backupHosts.id, { onDelete: 'cascade' }),
    nodeId: text('node_id')
      .notNull()
      .references(() => wingsNodes.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ columns: [table.backupHostId, table.nodeId] }),
    index('backup_host_nodes_node_id_index').on(table.nodeId),
  ],
)
export type BackupHostNodeRow = typeof backupHostNodes.$inferSelect

export const mounts = pgTable(
  'mounts',
  {
    id: numberedId(mountsIdSequence),
    uuid: text('uuid').notNull(),
    name: text('name').notNull(),
    description: text('description'),
    /** On the node. */
    source: text('source').notNull(),
    /** In the container. */
    target: text('target').notNull(),
    readOnly: boolean('read_only').notNull().default(false),
    userMountable: boolean('user_mountable').notNull().default(false),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex('mounts_uuid_unique').on(table.uuid),
    uniqueIndex('mounts_name_unique').on(table.name),
    numberedCheck('mounts'),
    check('mounts_absolute_check', sql`left(source, 1) = '/' and left(target, 1) = '/'`),
  ],
)
export type MountRow = typeof mounts.$inferSelect

export const mountNodes = pgTable(
  'mount_nodes',
  {
    mountId: text('mount_id')
      .notNull()
      .references(() => mounts.id, { onDelete: 'cascade' }),
    nodeId: text('node_id')
      .notNull()
      .references(() => wingsNodes.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ columns: [table.mountId, table.nodeId] }),
    index('mount_nodes_node_id_index').on(table.nodeId),
  ],
)
export type MountNodeRow = typeof mountNodes.$inferSelect

export const mountEggs = pgTable(
  'mount_eggs',
  {
    mountId: text('mount_id')
      .notNull()
      .references(() => mounts.id, { onDelete: 'cascade' }),
    eggId: text('egg_id')
      .notNull()
      .references(() => eggs.id, { onDelete: 'cascade' }),
  },
  (table) => [primaryKey({ columns: [table.mountId, table.eggId] }), index('mount_eggs_egg_id_index').on(table.eggId)],
)
export type MountEggRow = typeof mountEggs.$inferSelect

export const mountServers = pgTable(
  'mount_servers',
  {
    /** A mount in use is not deleted. */
    mountId: text('mount_id')
      .notNull()
      .references(() => mounts.id, { onDelete: 'restrict' }),
    serverId: text('server_id')
      .notNull()
      .references(() => servers.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ columns: [table.mountId, table.serverId] }),
    index('mount_servers_server_id_index').on(table.serverId),
  ],
)
export type MountServerRow = typeof mountServers.$inferSelect

export const eggSources = pgTable(
  'egg_sources',
  {
    id: uuidId(),
    name: text('name').notNull(),
    url: text('url').notNull(),
    enabled: boolean('enabled').notNull().default(true),
    /** The index as it was fetched. */
    contents: text('contents'),
    etag: text('etag'),
    checkedAt: moment('checked_at'),
    /** A code. */
    failure: text('failure'),
    ...timestamps(),
  },
  (table) => [uniqueIndex('egg_sources_url_unique').on(table.url)],
)
export type EggSourceRow = typeof eggSources.$inferSelect

/**
 * A ring: the slot is the number of the bucket, modulo what one resolution keeps (1 h, 24 h, 7 d), and is written over. A slot
 * whose `bucket_at` is too old is a gap. `bucket_at` stays without an index, so that every update is made in place.
 */
export const nodeMetrics = pgTable(
  'node_metrics',
  {
    nodeId: text('node_id')
      .notNull()
      .references(() => wingsNodes.id, { onDelete: 'cascade' }),
    /** Seconds of one bucket. */
    resolution: smallint('resolution').notNull(),
    slot: smallint('slot').notNull(),
    bucketAt: moment('bucket_at').notNull(),
    samples: smallint('samples').notNull(),
    /** Percent of a thread, as the next one. */
    cpuMean: real('cpu_mean').notNull(),
    cpuMax: real('cpu_max').notNull(),
    /** Bytes, as the next one. */
    memoryMean: bigint('memory_mean', { mode: 'number' }).notNull(),
    memoryMax: bigint('memory_max', { mode: 'number' }).notNull(),
    diskBytes: bigint('disk_bytes', { mode: 'number' }),
    /** Bytes, as the next one. */
    receivedPerSecond: real('received_per_second'),
    sentPerSecond: real('sent_per_second'),
    runningServers: smallint('running_servers'),
  },
  (table) => [
    primaryKey({ columns: [table.nodeId, table.resolution, table.slot] }),
    check(
      'node_metrics_slot_check',
      sql`slot >= 0 and ((resolution = 10 and slot < 360) or (resolution = 300 and slot < 288) or (resolution = 1800 and slot < 336))`,
    ),
  ],
)
export type NodeMetricRow = typeof nodeMetrics.$inferSelect

// Beside the seed: what hangs on servers

export const serverSubusers = pgTable(
  'server_subusers',
  {
    id: numberedId(serverSubusersIdSequence),
    serverId: text('server_id')
      .notNull()
      .references(() => servers.id, { onDelete: 'cascade' }),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    permissions: text('permissions').notNull(),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex('server_subusers_server_user_unique').on(table.serverId, table.userId),
    index('server_subusers_user_id_index').on(table.userId),
    numberedCheck('server_subusers'),
  ],
)
export type SubuserRow = typeof serverSubusers.$inferSelect

export const permissionPresets = pgTable(
  'permission_presets',
  {
    id: uuidId(),
    /** Null: for all. */
    userId: text('user_id').references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    permissions: text('permissions').notNull(),
    position: integer('position').notNull().default(0),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex('permission_presets_user_id_name_unique').on(table.userId, table.name),
    uniqueIndex('permission_presets_name_unique')
      .on(table.name)
      .where(sql`user_id is null`),
  ],
)
export type PermissionPresetRow = typeof permissionPresets.$inferSelect

/** No row: the egg's default. Rows of an egg that the server had before stay and count for nothing. */
export const serverVariables = pgTable(
  'server_variables',
  {
    serverId: text('server_id')
      .notNull()
      .references(() => servers.id, { onDelete: 'cascade' }),
    variableId: text('variable_id')
      .notNull()
      .references(() => eggVariables.id, { onDelete: 'cascade' }),
    value: text('value').notNull(),
    ...timestamps(),
  },
  (table) => [
    primaryKey({ columns: [table.serverId, table.variableId] }),
    index('server_variables_variable_id_index').on(table.variableId),
  ],
)
export type ServerVariableRow = typeof serverVariables.$inferSelect

export const serverDatabases = pgTable(
  'server_databases',
  {
    /** The client API shows a hash of it. */
    id: numberedId(serverDatabasesIdSequence),
    serverId: text('server_id')
      .notNull()
      .references(() => servers.id, { onDelete: 'cascade' }),
    databaseHostId: text('database_host_id')
      .notNull()
      .references(() => databaseHosts.id, { onDelete: 'restrict' }),
    database: text('database').notNull(),
    username: text('username').notNull(),
    /** Where connections may come from. */
    remote: text('remote').notNull().default('%'),
    password: secret('server_databases.password').notNull(),
    /** Null and 0 are unlimited. */
    maxConnections: integer('max_connections'),
    /** Null: committed, and not yet made on the host. */
    provisionedAt: moment('provisioned_at'),
    /** An imported password that could not be read. */
    needsRotation: boolean('needs_rotation').notNull().default(false),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex('server_databases_host_database_unique').on(table.databaseHostId, table.database),
    uniqueIndex('server_databases_host_username_unique').on(table.databaseHostId, table.username),
    index('server_databases_server_id_index').on(table.serverId),
    index('server_databases_unprovisioned_index')
      .on(table.createdAt)
      .where(sql`provisioned_at is null`),
    numberedCheck('server_databases'),
  ],
)
export type ServerDatabaseRow = typeof serverDatabases.$inferSelect

export const serverScheduleTasks = pgTable(
  'server_schedule_tasks',
  {
    id: numberedId(serverScheduleTasksIdSequence),
    scheduleId: text('schedule_id')
      .notNull()
      .references(() => serverSchedules.id, { onDelete: 'cascade' }),
    /** Its place, from 1. Not unique: rows that move up in one update would meet half-way. */
    sequenceId: integer('sequence_id').notNull(),
    /** `command`, `power`, `backup`, `delete_files`; what an import brings beside them is kept. */
    action: text('action').notNull(),
    payload: text('payload').notNull().default(''),
    /** Seconds. */
    timeOffset: integer('time_offset').notNull().default(0),
    continueOnFailure: boolean('continue_on_failure').notNull().default(false),
    isQueued: boolean('is_queued').notNull().default(false),
    ...timestamps(),
  },
  (table) => [
    index('server_schedule_tasks_schedule_id_sequence_id_index').on(table.scheduleId, table.sequenceId),
    numberedCheck('server_schedule_tasks'),
    check('server_schedule_tasks_range_check', sql`sequence_id >= 1 and time_offset between 0 and 900`),
  ],
)
export type ScheduleTaskRow = typeof serverScheduleTasks.$inferSelect

export const scheduleRuns = pgTable(
  'schedule_runs',
  {
    id: uuidId(),
    scheduleId: text('schedule_id')
      .notNull()
      .references(() => serverSchedules.id, { onDelete: 'cascade' }),
    trigger: text('trigger', { enum: ['cron', 'manual', 'missed'] }).notNull(),
    /** A user's id, which outlives him. */
    startedBy: text('started_by'),
    status: text('status', { enum: ['running', 'succeeded', 'failed', 'skipped'] })
      .notNull()
      .default('running'),
    /** A code. */
    reason: text('reason'),
    startedAt: moment('started_at').notNull(),
    finishedAt: moment('finished_at'),
  },
  (table) => [
    index('schedule_runs_schedule_id_index').on(table.scheduleId, table.id.desc().nullsFirst()),
    index('schedule_runs_started_at_index').on(table.startedAt),
    index('schedule_runs_running_index')
      .on(table.scheduleId)
      .where(sql`status = 'running'`),
    check('schedule_runs_trigger_check', sql`trigger in ('cron', 'manual', 'missed')`),
    check(
      'schedule_runs_status_check',
      sql`status in ('running', 'succeeded', 'failed', 'skipped') and (status = 'running') = (finished_at is null)`,
    ),
  ],
)
export type ScheduleRunRow = typeof scheduleRuns.$inferSelect

/** The tasks as they were when the run began. A job that runs twice finds its row taken. */
export const scheduleRunTasks = pgTable(
  'schedule_run_tasks',
  {
    runId: text('run_id')
      .notNull()
      .references(() => scheduleRuns.id, { onDelete: 'cascade' }),
    sequenceId: integer('sequence_id').notNull(),
    taskId: text('task_id'),
    action: text('action').notNull(),
    payload: text('payload').notNull().default(''),
    status: text('status', { enum: ['waiting', 'running', 'succeeded', 'failed', 'skipped'] })
      .notNull()
      .default('waiting'),
    /** A code. */
    reason: text('reason'),
    detail: text('detail'),
    /** Of one that others come before: if they take no time. */
    dueAt: moment('due_at').notNull(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),

    /** Seconds. */
    timeOffset: integer('time_offset').notNull().default(0),
    continueOnFailure: boolean('continue_on_failure').notNull().default(false),
    /** When it may be taken up: null while others come before it, later while somebody is about to begin it. */
    readyAt: moment('ready_at'),
  },
  (table) => [
    primaryKey({ columns: [table.runId, table.sequenceId] }),
    index('schedule_run_tasks_ready_index')
      .on(table.readyAt)
      .where(sql`status = 'waiting'`),
    index('schedule_run_tasks_running_index')
      .on(table.startedAt)
      .where(sql`status = 'running'`),
    check('schedule_run_tasks_status_check', sql`status in ('waiting', 'running', 'succeeded', 'failed', 'skipped')`),
  ],
)
export type ScheduleRunTaskRow = typeof scheduleRunTasks.$inferSelect

export const serverTransfers = pgTable(
  'server_transfers',
  {
    id: uuidId(),
    serverId: text('server_id')
      .notNull()
      .references(() => servers.id, { onDelete: 'cascade' }),
    sourceNodeId: text('source_node_id')
      .notNull()
      .references(() => wingsNodes.id, { onDelete: 'cascade' }),
    targetNodeId: text('target_node_id')
      .notNull()
      .references(() => wingsNodes.id, { onDelete: 'cascade' }),
    // Without keys: what was moved outlives the ports.
    sourceAllocationId: text('source_allocation_id'),
    targetAllocationId: text('target_allocation_id'),
    sourceAdditional: text('source_additional').notNull().default('[]'),
    targetAdditional: text('target_additional').notNull().default('[]'),
    /** The uuids of those that travel along. */
    backups: text('backups').notNull().default('[]'),
    status: text('status', { enum: ['requested', 'running', 'succeeded', 'failed', 'cancelled'] })
      .notNull()
      .default('requested'),
    startedBy: text('started_by'),
    /** 2 after a first that failed at its end, and was begun once more by itself. */
    attempt: integer('attempt').notNull().default(1),
    /** The server ran, and is to run again when this is over. */
    startsAfter: boolean('starts_after').notNull().default(false),
    /** From then on tokens name the target. */
    archivedAt: moment('archived_at'),
    finishedAt: moment('finished_at'),
    sourceRemovedAt: moment('source_removed_at'),
    /** A code. */
    reason: text('reason'),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex('server_transfers_open_unique')
      .on(table.serverId)
      .where(sql`finished_at is null`),
    index('server_transfers_server_id_index').on(table.serverId),
    index('server_transfers_source_node_id_index').on(table.sourceNodeId),
    index('server_transfers_target_node_id_index').on(table.targetNodeId),
    index('server_transfers_leftover_index')
      .on(table.finishedAt)
      .where(sql`status = 'succeeded' and source_removed_at is null`),
    check('server_transfers_nodes_check', sql`source_node_id <> target_node_id`),
    check(
      'server_transfers_status_check',
      sql`status in ('requested', 'running', 'succeeded', 'failed', 'cancelled') and (status in ('requested', 'running')) = (finished_at is null)`,
    ),
  ],
)
export type TransferRow = typeof serverTransfers.$inferSelect

export const serverFolders = pgTable(
  'server_folders',
  {
    id: uuidId(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    position: integer('position').notNull().default(0),
    ...timestamps(),
  },
  (table) => [uniqueIndex('server_folders_user_id_name_unique').on(table.userId, table.name)],
)
export type ServerFolderRow = typeof serverFolders.$inferSelect

/** Where one person keeps one server in his list. */
export const serverPlacements = pgTable(
  'server_placements',
  {
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    serverId: text('server_id')
      .notNull()
      .references(() => servers.id, { onDelete: 'cascade' }),
    folderId: text('folder_id').references(() => serverFolders.id, { onDelete: 'set null' }),
    position: integer('position').notNull().default(0),
    isPinned: boolean('is_pinned').notNull().default(false),
    tags: text('tags').notNull().default('[]'),
    updatedAt: updatedAt(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.serverId] }),
    index('server_placements_server_id_index').on(table.serverId),
    index('server_placements_folder_id_index').on(table.folderId),
  ],
)
export type ServerPlacementRow = typeof serverPlacements.$inferSelect

// Beside the seed: the panel

export const settings = pgTable(
  'settings',
  {
    key: text('key').primaryKey(),
    value: text('value'),
    secret: secret('settings.secret'),
    updatedBy: text('updated_by'),
    updatedAt: updatedAt(),
  },
  () => [check('settings_value_check', sql`num_nonnulls(value, secret) = 1`)],
)
export type SettingRow = typeof settings.$inferSelect

/** No row: the text that is built in. */
export const mailTemplates = pgTable(
  'mail_templates',
  {
    template: text('template').notNull(),
    locale: text('locale').notNull(),
    subject: text('subject').notNull(),
    body: text('body').notNull(),
    updatedBy: text('updated_by'),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.template, table.locale] })],
)
export type MailTemplateRow = typeof mailTemplates.$inferSelect

/** The outbox: a job's data lies in clear for days, and a mail carries links and codes. */
export const mails = pgTable(
  'mails',
  {
    id: uuidId(),
    userId: text('user_id').references(() => users.id, { onDelete: 'set null' }),
    recipient: text('recipient').notNull(),
    template: text('template').notNull(),
    locale: text('locale').notNull(),
    /** Emptied once it is sent. */
    values: secret('mails.values'),
    /** `withheld`: no mail server is set up, the link is shown instead. */
    status: text('status', { enum: ['waiting', 'sent', 'failed', 'withheld'] })
      .notNull()
      .default('waiting'),
    attempts: integer('attempts').notNull().default(0),
    /** A code. */
    failure: text('failure'),
    sentAt: moment('sent_at'),
    createdAt: createdAt(),
  },
  (table) => [
    index('mails_user_id_index').on(table.userId),
    index('mails_created_at_index').on(table.createdAt),
    check('mails_status_check', sql`status in ('waiting', 'sent', 'failed', 'withheld')`),
    check('mails_values_check', sql`status <> 'sent' or "values" is null`),
  ],
)
export type MailRow = typeof mails.$inferSelect

/** What an event is about beside its server, which stands in the event itself. */
export const auditSubjects = pgTable(
  'audit_subjects',
  {
    eventId: text('event_id')
      .notNull()
      .references(() => auditEvents.id, { onDelete: 'cascade' }),
    type: text('type').notNull(),
    id: text('id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.eventId, table.type, table.id] }),
    index('audit_subjects_subject_index').on(table.type, table.id, table.eventId.desc().nullsFirst()),
  ],
)
export type AuditSubjectRow = typeof auditSubjects.$inferSelect

export const webhooks = pgTable(
  'webhooks',
  {
    id: uuidId(),
    scope: text('scope', { enum: ['global', 'server'] }).notNull(),
    serverId: text('server_id').references(() => servers.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    description: text('description'),
    format: text('format', { enum: ['json', 'discord'] })
      .notNull()
      .default('json'),
    /** Sealed: many services put the right to post into the address. */
    url: secret('webhooks.url').notNull(),
    /** What of it may be shown. */
    urlHost: text('url_host').notNull(),
    events: text('events').notNull(),
    headers: secret('webhooks.headers'),
    template: text('template'),
    signingSecret: secret('webhooks.signing_secret'),
    enabled: boolean('enabled').notNull().default(true),
    failuresInRow: integer('failures_in_row').notNull().default(0),
    /** A code. */
    disabledReason: text('disabled_reason'),
    lastStatus: integer('last_status'),
    lastDurationMs: integer('last_duration_ms'),
    lastDeliveryAt: moment('last_delivery_at'),
    createdBy: text('created_by'),
    ...timestamps(),
  },
  (table) => [
    index('webhooks_server_id_index').on(table.serverId),
    check('webhooks_scope_check', sql`scope in ('global', 'server') and (scope = 'server') = (server_id is not null)`),
    check('webhooks_format_check', sql`format in ('json', 'discord')`),
  ],
)
export type WebhookRow = typeof webhooks.$inferSelect

export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: uuidId(),
    webhookId: text('webhook_id')
      .notNull()
      .references(() => webhooks.id, { onDelete: 'cascade' }),
    /** Without a key: a delivery outlives its event. */
    eventId: text('event_id'),
    event: text('event').notNull(),
    payload: text('payload').notNull(),
    status: text('status', { enum: ['waiting', 'succeeded', 'failed'] })
      .notNull()
      .default('waiting'),
    attempts: integer('attempts').notNull().default(0),
    responseStatus: integer('response_status'),
    /** Its first 2 kB. */
    responseBody: text('response_body'),
    /** A code. */
    failure: text('failure'),
    durationMs: integer('duration_ms'),
    finishedAt: moment('finished_at'),
    createdAt: createdAt(),
  },
  (table) => [
    index('webhook_deliveries_webhook_id_index').on(table.webhookId, table.id.desc().nullsFirst()),
    uniqueIndex('webhook_deliveries_webhook_event_unique')
      .on(table.webhookId, table.eventId)
      .where(sql`event_id is not null`),
    index('webhook_deliveries_created_at_index').on(table.createdAt),
    check('webhook_deliveries_status_check', sql`status in ('waiting', 'succeeded', 'failed')`),
  ],
)
export type WebhookDeliveryRow = typeof webhookDeliveries.$inferSelect

export const notifications = pgTable(
  'notifications',
  {
    id: uuidId(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    kind: text('kind').notNull(),
    serverId: text('server_id').references(() => servers.id, { onDelete: 'cascade' }),
    nodeId: text('node_id').references(() => wingsNodes.id, { onDelete: 'cascade' }),
    /** The slots of the sentence. */
    data: text('data').notNull().default('{}'),
    dedupeKey: text('dedupe_key'),
    readAt: moment('read_at'),
    createdAt: createdAt(),
  },
  (table) => [
    index('notifications_user_id_index').on(table.userId, table.id.desc().nullsFirst()),
    index('notifications_unread_index')
      .on(table.userId)
      .where(sql`read_at is null`),
    uniqueIndex('notifications_user_id_dedupe_key_unique')
      .on(table.userId, table.dedupeKey)
      .where(sql`dedupe_key is not null`),
    index('notifications_server_id_index').on(table.serverId),
    index('notifications_node_id_index').on(table.nodeId),
    index('notifications_created_at_index').on(table.createdAt),
  ],
)
export type NotificationRow = typeof notifications.$inferSelect

/** No row: the default of its kind. */
export const notificationPreferences = pgTable(
  'notification_preferences',
  {
    id: uuidId(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Null: everywhere. */
    serverId: text('server_id').references(() => servers.id, { onDelete: 'cascade' }),
    kind: text('kind').notNull(),
    bell: boolean('bell').notNull(),
    mail: boolean('mail').notNull(),
    updatedAt: updatedAt(),
  },
  (table) => [
    uniqueIndex('notification_preferences_user_kind_unique')
      .on(table.userId, table.kind)
      .where(sql`server_id is null`),
    uniqueIndex('notification_preferences_server_user_kind_unique')
      .on(table.serverId, table.userId, table.kind)
      .where(sql`server_id is not null`),
    index('notification_preferences_user_id_index').on(table.userId),
  ],
)
export type NotificationPreferenceRow = typeof notificationPreferences.$inferSelect

export const announcements = pgTable(
  'announcements',
  {
    id: uuidId(),
    title: text('title').notNull(),
    body: text('body'),
    link: text('link'),
    level: text('level', { enum: ['info', 'warning', 'error'] })
      .notNull()
      .default('info'),
    audience: text('audience', { enum: ['everyone', 'administrators', 'node'] })
      .notNull()
      .default('everyone'),
    nodeId: text('node_id').references(() => wingsNodes.id, { onDelete: 'cascade' }),
    isDismissible: boolean('is_dismissible').notNull().default(true),
    startsAt: moment('starts_at').notNull(),
    endsAt: moment('ends_at'),
    createdBy: text('created_by'),
    ...timestamps(),
  },
  (table) => [
    index('announcements_node_id_index').on(table.nodeId),
    check('announcements_level_check', sql`level in ('info', 'warning', 'error')`),
    check(
      'announcements_audience_check',
      sql`audience in ('everyone', 'administrators', 'node') and (audience = 'node') = (node_id is not null)`,
    ),
  ],
)
export type AnnouncementRow = typeof announcements.$inferSelect

export const announcementDismissals = pgTable(
  'announcement_dismissals',
  {
    announcementId: text('announcement_id')
      .notNull()
      .references(() => announcements.id, { onDelete: 'cascade' }),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.announcementId, table.userId] }),
    index('announcement_dismissals_user_id_index').on(table.userId),
  ],
)
export type AnnouncementDismissalRow = typeof announcementDismissals.$inferSelect

/** The processes that serve; one that is silent for five minutes is gone. */
export const processes = pgTable('processes', {
  id: uuidId(),
  host: text('host').notNull(),
  pid: integer('pid').notNull(),
  version: text('version').notNull(),
  memoryBytes: bigint('memory_bytes', { mode: 'number' }),
  loopLagMs: integer('loop_lag_ms'),
  startedAt: moment('started_at').notNull(),
  lastSeenAt: moment('last_seen_at').notNull(),
})
export type ProcessRow = typeof processes.$inferSelect

export const importRuns = pgTable(
  'import_runs',
  {
    id: uuidId(),
    /** Of the panel that is imported. */
    fingerprint: text('fingerprint').notNull(),
    flavour: text('flavour').notNull(),
    sourceVersion: text('source_version'),
    status: text('status').notNull().default('running'),
    report: text('report'),
    startedAt: moment('started_at').notNull(),
    finishedAt: moment('finished_at'),
  },
  (table) => [index('import_runs_fingerprint_index').on(table.fingerprint, table.startedAt.desc().nullsFirst())],
)
export type ImportRunRow = typeof importRuns.$inferSelect

export const importRows = pgTable(
  'import_rows',
  {
    fingerprint: text('fingerprint').notNull(),
    tableName: text('table_name').notNull(),
    sourceId: text('source_id').notNull(),
    targetId: text('target_id').notNull(),
    /** Of the row as it was written. */
    rowHash: text('row_hash').notNull(),
    runId: text('run_id')
      .notNull()
      .references(() => importRuns.id, { onDelete: 'cascade' }),
    importedAt: moment('imported_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.fingerprint, table.tableName, table.sourceId] }),
    uniqueIndex('import_rows_table_name_target_id_unique').on(table.tableName, table.targetId),
    index('import_rows_run_id_index').on(table.runId),
  ],
)
export type ImportRowRow = typeof importRows.$inferSelect

export const tables = {
  users,
  sessions,
  sessionMetadata,
  accounts,
  apiKeys,
  twoFactor,
  wingsNodes,
  accessRevocations,
  servers,
  serverLimits,
  serverAllocations,
  nests,
  eggs,
  eggVariables,
  auditEvents,
  serverBackups,
  serverSchedules,
  sshKeys,
  recoveryCodes,
  passkeys,
  verifications,
  oneTimeTokens,
  trustedDevices,
  identityProviders,
  throttles,
  images,
  userQuotas,
  roles,
  roleGrants,
  roleNodes,
  userRoles,
  locations,
  databaseHosts,
  databaseHostNodes,
  backupHosts,
  backupHostNodes,
  mounts,
  mountNodes,
  mountEggs,
  mountServers,
  eggSources,
  nodeMetrics,
  serverSubusers,
  permissionPresets,
  serverVariables,
  serverDatabases,
  serverScheduleTasks,
  scheduleRuns,
  scheduleRunTasks,
  serverTransfers,
  serverFolders,
  serverPlacements,
  settings,
  mailTemplates,
  mails,
  auditSubjects,
  webhooks,
  webhookDeliveries,
  notifications,
  notificationPreferences,
  announcements,
  announcementDismissals,
  processes,
  importRuns,
  importRows,
}
