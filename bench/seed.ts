import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { hashOf } from '#server/database/hash'
import { only } from '#server/database/rows'
import { seal } from '#server/database/seal'
import * as schema from '#server/database/schema'

export const NODES = 20
export const SERVERS = 2000
/** Of these, on the first node. */
export const SERVERS_OF_FIRST = 500
export const USERS = 500
export const AUDIT_ROWS = 100_000
export const PASSWORD = 'correct horse battery'

/** What the cases ask with. */
export interface Seeded {
  node: { bearer: string; baseUrl: string }
  /** Uuids of the first node's servers. */
  servers: string[]
  /** A signed cookie of a person with twenty servers. */
  cookie: string
  username: string
  /** One of that person's servers, on another node than the hung one. */
  identifier: string
  applicationKey: string
  /** Of the person with twenty servers. */
  accountKey: string
  /** Of the administrator. */
  rootKey: string
  hungNodeId: string
}

const token = (length: number) => randomBytes(length).toString('base64url').replaceAll(/[-_]/g, 'x').slice(0, length)

/** A panel of some size. Deterministic but for its secrets. */
export async function seed({ hungUrl }: { hungUrl: string }): Promise<Omit<Seeded, 'cookie'> & { userId: string }> {
  const db = useDrizzle()
  const location = only(await db.insert(schema.locations).values({ short: 'fra', long: 'Frankfurt' }).returning())
  const nest = only(
    await db
      .insert(schema.nests)
      .values({ uuid: randomUUID(), author: 'bench@example.com', name: 'Games' })
      .returning(),
  )
  const eggs = await db
    .insert(schema.eggs)
    .values(Array.from({ length: 5 }, (_, index) => eggOf(nest.id, index)))
    .returning()
  for (const egg of eggs) {
    await db.insert(schema.eggVariables).values(
      Array.from({ length: 6 }, (_, index) => ({
        eggId: egg.id,
        name: `Variable ${index}`,
        envVariable: `VARIABLE_${index}`,
        defaultValue: `value ${index}`,
        rules: 'required|string|max:64',
      })),
    )
  }

  const pairs = Array.from({ length: NODES }, () => ({ identifier: token(16), secret: token(64) }))
  const nodes = await db
    .insert(schema.wingsNodes)
    .values(
      pairs.map(({ identifier, secret }, index) => ({
        uuid: randomUUID(),
        name: `node-${index + 1}`,
        baseUrl: index === NODES - 1 ? hungUrl : `http://127.0.0.1:${1 + index}`,
        fqdn: `node-${index + 1}.example.com`,
        scheme: 'http' as const,
        memory: 1_000_000,
        disk: 10_000_000,
        daemonBase: '/var/lib/pterodactyl/volumes',
        tokenIdentifier: identifier,
        tokenSecret: secret,
        apiToken: secret,
        locationId: location.id,
        lastSeenAt: new Date().toISOString(),
        flavour: 'pterodactyl' as const,
        version: '1.11.11',
      })),
    )
    .returning()

  await db.execute(sql`insert into users (username, email, password, created_at, updated_at)
    select 'user' || n, 'user' || n || '@example.com', '', now() at time zone 'utc', now() at time zone 'utc' from generate_series(1, ${USERS}) n`)
  await insertServers(
    eggs.map(({ id }) => id),
    nest.id,
  )
  await insertSchedules()
  await insertDatabases()
  await insertAudit()
  await db.execute(sql`analyze`)

  const root = only(
    await db
      .insert(schema.users)
      .values({ username: 'root', email: 'root@example.com', password: '', role: 'admin', rootAdmin: true })
      .returning(),
  )
  const key = `ptla_${token(43)}`
  await db.insert(schema.apiKeys).values({
    identifier: key.slice(0, 16),
    key: hashOf(key),
    kind: 'application',
    userId: root.id,
    permissions: JSON.stringify({ servers: 3, nodes: 3, users: 3, allocations: 3, audit: 1, audit_addresses: 1 }),
  })

  const [accountKey, rootKey] = [`ptlc_${token(43)}`, `ptlc_${token(43)}`]
  const keyOf = (own: string, userId: string) =>
    ({ identifier: own.slice(0, 16), key: hashOf(own), kind: 'account', userId }) as const
  await db.insert(schema.apiKeys).values([keyOf(accountKey, '1'), keyOf(rootKey, root.id)])

  const own = await db.execute<{ uuid: string; identifier: string }>(
    sql`select uuid, identifier from servers where owner_id = '1' order by id::bigint`,
  )
  const first = await db.execute<{ uuid: string }>(
    sql`select uuid from servers where node_id = ${nodes[0]?.id ?? ''} order by id::bigint`,
  )
  return {
    node: { bearer: `${pairs[0]?.identifier}.${pairs[0]?.secret}`, baseUrl: nodes[0]?.baseUrl ?? '' },
    servers: first.rows.map(({ uuid }) => uuid),
    identifier: own.rows[1]?.identifier ?? '',
    username: 'user1',
    userId: '1',
    applicationKey: key,
    accountKey,
    rootKey,
    hungNodeId: nodes[NODES - 1]?.id ?? '',
  }
}

/** Three weeks of many people: two of three rows are of servers, the third is an administrator's with before and after. */
async function insertAudit(): Promise<void> {
  await useDrizzle().execute(sql`
    insert into audit_events (id, occurred_at, actor, actor_type, actor_name, action, target_type, target_id, metadata, server_id, ip, created_at)
    select left(h, 8) || '-' || substr(h, 9, 4) || '-7000-8000-' || lpad(to_hex(n), 12, '0'), t,
           (1 + n % ${USERS})::text, 'user', 'user' || 1 + n % ${USERS},
           case when n % 3 > 0 then (array['server:power.start', 'server:console.command', 'server:file.write', 'server:backup.start'])[1 + n / 3 % 4]
                else (array['admin:server.build', 'admin:user.update', 'admin:node.update', 'admin:server.suspend'])[1 + n / 3 % 4] end,
           case when n % 3 > 0 or n / 3 % 2 = 0 then 'server' when n / 3 % 4 = 1 then 'user' else 'node' end,
           case when n % 3 > 0 or n / 3 % 2 = 0 then (1 + n % ${SERVERS})::text when n / 3 % 4 = 1 then (1 + n % ${USERS})::text else (1 + n % ${NODES})::text end,
           case when n % 3 > 0 then '{}' else '{"before":{"memory":' || n || ',"cpu":100,"disk":10240},"after":{"memory":4096,"cpu":200,"disk":20480}}' end,
           case when n % 3 > 0 or n / 3 % 2 = 0 then (1 + n % ${SERVERS})::text end, '198.51.100.' || n % 250, t
      from (select n, t, lpad(to_hex((extract(epoch from t) * 1000)::bigint), 12, '0') as h
              from (select n, now() at time zone 'utc' - n * interval '20 seconds' as t from generate_series(1, ${AUDIT_ROWS}) n) moments) rows`)
}

function eggOf(nestId: string, index: number) {
  const files = {
    'server.properties': {
      parser: 'properties',
      find: { 'server-port': '{{server.build.default.port}}', 'server-ip': '0.0.0.0', motd: '{{env.VARIABLE_0}}' },
    },
  }
  return {
    uuid: randomUUID(),
    nestId,
    author: 'bench@example.com',
    name: `Egg ${index}`,
    dockerImage: 'example.test/java:21',
    dockerImages: JSON.stringify({ 'Java 21': 'example.test/java:21' }),
    startup: 'java -Xmx{{SERVER_MEMORY}}M -jar server.jar',
    features: JSON.stringify(['eula', 'java_version']),
    fileDenylist: '[]',
    configFiles: JSON.stringify(files, null, 4),
    configStartup: JSON.stringify({ done: ')! For help, type ' }),
    configStop: 'stop',
    configLogs: '{}',
    scriptContainer: 'example.test/installer:1',
    scriptEntry: 'ash',
    scriptInstall: '#!/bin/ash\necho done\n'.repeat(100),
  }
}

/** Two ports and six values each; twenty servers belong to the first user, five of them on the node that hangs. */
async function insertServers(eggIds: string[], nestId: string): Promise<void> {
  const db = useDrizzle()
  const eggs = sql`(array[${sql.join(
    eggIds.map((id) => sql`${id}`),
    sql`, `,
  )}])`
  const nodeOf = sql`case when n <= ${SERVERS_OF_FIRST} then 1 else 2 + (n - ${SERVERS_OF_FIRST}) % ${NODES - 1} end`
  const ownerOf = sql`case when n % 100 = 0 then 1 else 2 + n % ${USERS - 1} end`
  const at = sql`now() at time zone 'utc'`
  await db.execute(sql`insert into servers (uuid, identifier, name, owner_id, node_id, nest_id, egg_id, startup, image, docker_image, backup_limit, created_at, updated_at, installed_at)
    select uuid, left(uuid, 8), 'Server ' || n, (${ownerOf})::text, (${nodeOf})::text, ${nestId}, ${eggs}[1 + n % 5], 'java -Xmx{{SERVER_MEMORY}}M -jar server.jar', 'example.test/java:21', 'example.test/java:21', 2, ${at}, ${at}, ${at}
    from (select n, gen_random_uuid()::text as uuid from generate_series(1, ${SERVERS}) n) numbered`)
  await db.execute(
    sql`insert into server_limits (server_id, memory, disk, swap, io, cpu, backup_limit, created_at, updated_at) select id, 2048, 10240, 0, 500, 200, 2, ${at}, ${at} from servers`,
  )
  await db.execute(sql`insert into server_allocations (node_id, server_id, ip, port, is_primary, created_at, updated_at)
    select node_id, id, '198.51.100.1', 20000 + id::int * 2 + extra, extra = 0, ${at}, ${at} from servers, generate_series(0, 1) extra`)
  await db.execute(
    sql`update servers set allocation_id = a.id from server_allocations a where a.server_id = servers.id and a.is_primary`,
  )
  await db.execute(sql`insert into server_variables (server_id, variable_id, value, created_at, updated_at)
    select s.id, v.id, 'own value', ${at}, ${at} from servers s join egg_variables v on v.egg_id = s.egg_id`)
}

/** Four of each server with three tasks each, of which none comes due while anything is measured. */
async function insertSchedules(): Promise<void> {
  const db = useDrizzle()
  const at = sql`now() at time zone 'utc'`
  await db.execute(sql`
    insert into server_schedules (server_id, name, cron, action, next_run_at, last_run_at, last_run_status, created_at, updated_at)
    select id, 'Schedule ' || n, '0 4 * * ' || n, 'command', ${at} + n * interval '7 days', ${at} - interval '1 day', 'succeeded', ${at}, ${at}
      from servers, generate_series(1, 4) n`)
  await db.execute(sql`
    insert into server_schedule_tasks (schedule_id, sequence_id, action, payload, time_offset, created_at, updated_at)
    select id, n, (array['command', 'backup', 'power'])[n], (array['say Restart in a minute', '*.log', 'restart'])[n], 30, ${at}, ${at}
      from server_schedules, generate_series(1, 3) n`)
}

/** Three of each server, on a host that nobody asks. */
async function insertDatabases(): Promise<void> {
  const db = useDrizzle()
  const host = only(
    await db
      .insert(schema.databaseHosts)
      .values({ name: 'MariaDB', host: '127.0.0.1', port: 1, username: 'panel', password: token(24) })
      .returning(),
  )
  const at = sql`now() at time zone 'utc'`
  await db.execute(sql`
    insert into server_databases (server_id, database_host_id, database, username, password, provisioned_at, created_at, updated_at)
    select id, ${host.id}, 's' || id || '_data' || n, 'u' || id || '_' || n, ${seal('server_databases.password', token(24))}, ${at}, ${at}, ${at}
      from servers, generate_series(1, 3) n`)
}
