import { eq, sql, type SQL } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { findDatabaseFailure } from '#server/database/errors'
import * as schema from '#server/database/schema'
import * as make from '../../support/factories'

const db = useDrizzle()

const user = await make.makeUser()
const server = await make.makeServer({ ownerId: user.id })
const allocation = await make.makeAllocation(server.nodeId)
const second = await make.makeAllocation(server.nodeId, { serverId: server.id })
const backup = await make.makeBackup(server.id, { completedAt: null })
const schedule = await make.makeSchedule(server.id)
const account = await make.makeCredential(user.id, 'correct horse')
const linked = await make.makeLinkedAccount(user.id, 'github')
const key = await make.makeApiKey(user.id)
const egg = await make.makeEgg()
const [variable] = await db.select().from(schema.eggVariables).where(eq(schema.eggVariables.eggId, egg.id))
await make.makeTwoFactor(user.id)
await db.insert(schema.sessions).values({
  sessionToken: 'token',
  userId: user.id,
  expires: '2026-01-01T00:00:00.000Z',
  expiresAt: '2026-01-01T00:00:00.000Z',
})

/** Each line: the constraint, and the update that it refuses. */
const REFUSED: [constraint: string, statement: SQL][] = [
  // Two columns for one fact
  ['users_suspended_twin_check', sql`update users set suspended = true where id = ${user.id}`],
  ['users_suspended_twin_check', sql`update users set banned = true where id = ${user.id}`],
  ['users_two_factor_twin_check', sql`update users set use_totp = true where id = ${user.id}`],
  ['users_two_factor_twin_check', sql`update users set two_factor_enabled = true where id = ${user.id}`],
  ['sessions_expires_twin_check', sql`update sessions set expires = expires + interval '1 day'`],
  ['sessions_expires_twin_check', sql`update sessions set expires_at = null`],
  ['accounts_provider_twin_check', sql`update accounts set provider_id = 'gitlab' where id = ${linked.id}`],
  ['accounts_account_twin_check', sql`update accounts set account_id = null where id = ${linked.id}`],
  ['api_key_last_used_twin_check', sql`update apikey set last_used_at = '2026-01-01' where id = ${key.id}`],
  ['servers_suspended_twin_check', sql`update servers set suspended = true where id = ${server.id}`],
  ['servers_suspended_twin_check', sql`update servers set status = 'suspended' where id = ${server.id}`],
  ['servers_image_twin_check', sql`update servers set image = 'other' where id = ${server.id}`],

  // Columns that stay null
  ['users_unused_check', sql`update users set totp_secret = 'x' where id = ${user.id}`],
  ['users_unused_check', sql`update users set remember_token = 'x' where id = ${user.id}`],
  ['accounts_unused_check', sql`update accounts set session_state = 'x' where id = ${account.id}`],
  ['accounts_unused_check', sql`update accounts set expires_at = '2026-01-01' where id = ${account.id}`],
  ['api_key_unused_check', sql`update apikey set name = 'x' where id = ${key.id}`],
  ['api_key_unused_check', sql`update apikey set refill_amount = 1 where id = ${key.id}`],
  ['two_factor_unused_check', sql`update two_factor set backup_codes = 'x'`],
  ['server_limits_unused_check', sql`update server_limits set memory_overallocate = 0`],

  // Columns that the seed leaves nullable and that are never null
  ['servers_filled_check', sql`update servers set owner_id = null where id = ${server.id}`],
  ['servers_filled_check', sql`update servers set egg_id = null where id = ${server.id}`],
  ['server_limits_filled_check', sql`update server_limits set io = null`],
  ['api_key_identifier_check', sql`update apikey set identifier = null where id = ${key.id}`],

  // People
  ['users_id_check', sql`update users set id = '007' where id = ${user.id}`],
  ['users_username_check', sql`update users set username = 'Ada' where id = ${user.id}`],
  ['users_email_check', sql`update users set email = 'Ada@example.test' where id = ${user.id}`],
  ['users_password_check', sql`update users set password = 'x' where id = ${user.id}`],
  ['users_role_check', sql`update users set role = 'owner' where id = ${user.id}`],
  ['users_root_admin_check', sql`update users set root_admin = true where id = ${user.id}`],
  ['users_image_images_id_fk', sql`update users set image = 'javascript:alert(1)' where id = ${user.id}`],
  ['accounts_type_check', sql`update accounts set type = 'oauth' where id = ${account.id}`],
  ['accounts_password_check', sql`update accounts set password = 'x' where id = ${linked.id}`],
  ['api_key_deploy_check', sql`update apikey set kind = 'deploy', permissions = '{}' where id = ${key.id}`],
  ['api_key_permissions_check', sql`update apikey set kind = 'application' where id = ${key.id}`],
  [
    'one_time_tokens_user_check',
    sql`insert into one_time_tokens (id, purpose, token_hash, expires_at, created_at) values ('1', 'password.reset', 'x', now(), now())`,
  ],
  [
    'identity_providers_id_check',
    sql`insert into identity_providers (id, kind, name, client_id, client_secret, created_at, updated_at) values ('credential', 'x', 'x', 'x', 'x', now(), now())`,
  ],

  // Nodes, servers and what hangs on them
  ['wings_nodes_ports_check', sql`update wings_nodes set daemon_listen = 0`],
  ['wings_nodes_overallocate_check', sql`update wings_nodes set disk_overallocate = -2`],
  ['wings_nodes_previous_token_check', sql`update wings_nodes set previous_token_identifier = 'x'`],
  ['servers_uuid_check', sql`update servers set uuid = upper(uuid) || 'A' where id = ${server.id}`],
  ['servers_identifier_check', sql`update servers set identifier = 'ABCDEFGH' where id = ${server.id}`],
  ['servers_status_check', sql`update servers set status = 'transferring' where id = ${server.id}`],
  ['servers_previous_status_check', sql`update servers set previous_status = 'suspended' where id = ${server.id}`],
  ['servers_limits_check', sql`update servers set backup_limit = -1 where id = ${server.id}`],
  ['server_limits_range_check', sql`update server_limits set swap = -2`],
  ['server_allocations_port_check', sql`update server_allocations set port = 65536 where id = ${allocation.id}`],
  ['server_allocations_free_check', sql`update server_allocations set is_locked = true where id = ${allocation.id}`],
  ['server_allocations_primary_unique', sql`update server_allocations set is_primary = true where id = ${second.id}`],
  [
    'servers_allocation_id_unique',
    sql`insert into servers select (jsonb_populate_record(servers, '{"id":"99999","uuid":"00000000-0000-4000-8000-000000000000","identifier":"zzzzzzzz"}')).* from servers where id = ${server.id}`,
  ],
  ['eggs_parent_check', sql`update eggs set config_from = id where id = ${egg.id}`],
  ['egg_variables_env_variable_check', sql`update egg_variables set env_variable = 'A-B' where id = ${variable!.id}`],
  ['server_backups_successful_check', sql`update server_backups set is_successful = true where id = ${backup.id}`],
  [
    'server_schedules_processing_check',
    sql`update server_schedules set is_processing = true where id = ${schedule.id}`,
  ],
  [
    'server_transfers_nodes_check',
    sql`insert into server_transfers (id, server_id, source_node_id, target_node_id, created_at, updated_at) values ('1', ${server.id}, ${server.nodeId}, ${server.nodeId}, now(), now())`,
  ],
  ['node_metrics_slot_check', sql`insert into node_metrics values (${server.nodeId}, 10, 360, now(), 1, 1, 1, 1, 1)`],
  [
    'mounts_absolute_check',
    sql`insert into mounts (uuid, name, source, target, created_at, updated_at) values ('x', 'x', 'srv', '/mnt', now(), now())`,
  ],

  // The panel
  ['settings_value_check', sql`insert into settings (key, value, secret, updated_at) values ('x', '1', 's', now())`],
  ['settings_value_check', sql`insert into settings (key, updated_at) values ('x', now())`],
  [
    'mails_values_check',
    sql`insert into mails (id, recipient, template, locale, "values", status, created_at) values ('1', 'x', 'x', 'en', 'x', 'sent', now())`,
  ],
  [
    'webhooks_scope_check',
    sql`insert into webhooks (id, scope, name, url, url_host, events, created_at, updated_at) values ('1', 'server', 'x', 'x', 'x', '[]', now(), now())`,
  ],
  [
    'announcements_audience_check',
    sql`insert into announcements (id, title, audience, starts_at, created_at, updated_at) values ('1', 'x', 'node', now(), now(), now())`,
  ],
  [
    'backup_hosts_configuration_check',
    sql`insert into backup_hosts (name, kind, created_at, updated_at) values ('x', 's3', now(), now())`,
  ],
  [
    'images_bytes_check',
    sql`insert into images (id, kind, media_type, bytes, sha256, width, height, created_at) values ('1', 'logo', 'image/png', decode(repeat('00', 524289), 'hex'), 'x', 1, 1, now())`,
  ],
]

describe('the database', () => {
  it.each(REFUSED)('refuses by %s', async (constraint, statement) => {
    const error = await db.execute(statement).catch((cause: unknown) => cause)

    expect(findDatabaseFailure(error)?.constraint ?? error).toBe(constraint)
  })

  it('takes both halves of a fact together', async () => {
    await db.update(schema.users).set({ suspended: true, banned: true }).where(eq(schema.users.id, user.id))
    await db.update(schema.users).set({ suspended: false, banned: false }).where(eq(schema.users.id, user.id))
    await db
      .update(schema.servers)
      .set({ suspended: true, status: 'suspended' })
      .where(eq(schema.servers.id, server.id))
    await db.update(schema.servers).set({ suspended: false, status: null }).where(eq(schema.servers.id, server.id))

    expect(await make.makeRootAdmin()).toMatchObject({ rootAdmin: true, role: 'admin' })
  })

  it('keeps one open transfer for a server', async () => {
    const open = await make.makeTransfer(server)
    await expect(make.makeTransfer(server)).rejects.toThrow('server_transfers_open_unique')

    const finished = { status: 'failed', finishedAt: '2026-01-01T00:00:00.000Z' } as const
    await db.update(schema.serverTransfers).set(finished).where(eq(schema.serverTransfers.id, open.id))
    await make.makeTransfer(server)
  })

  it('keeps one default among the backup hosts', async () => {
    await make.makeBackupHost({ isDefault: true })
    await expect(make.makeBackupHost({ isDefault: true })).rejects.toThrow('backup_hosts_default_unique')
  })
})
