import { randomBytes, randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'drizzle-orm'
import { PgBoss } from 'pg-boss'
import { printedServer } from '../tests/support/plain-nodes.ts'
import { useDrizzle } from '#server/database/client'
import { wingsNodes } from '#server/database/schema'
import { useEnv } from '#server/env'
import { cpuOf, databaseCpuOf, type Measured } from './measure.ts'

export const MANY_NODES = 1000
const ROWS = 50
const AT_ONCE = 20
/** As many as one question for live values may name. */
const PER_QUESTION = 100
/** A part of a minute, which is counted up to a whole one. */
const SAMPLED_MS = 20_000

interface ManyNodes {
  bearers: string[]
  /** Of each node one. */
  servers: { uuid: string; identifier: string }[]
  machine: Server
}

/** A thousand nodes on as many addresses of this machine, with a server each. All of them are answered here. */
export async function seedManyNodes(): Promise<ManyNodes> {
  const uuids = Array.from({ length: MANY_NODES }, () => randomUUID())
  const machine = createServer((request, response) => {
    const uuid = uuids[nodeOf(request.headers.host ?? '')] ?? ''
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(request.url?.startsWith('/api/system') ? SYSTEM : [printedServer(uuid)]))
  })
  // A daemon in Go closes no connection by itself.
  machine.keepAliveTimeout = 0
  await new Promise<void>((done) => machine.listen(0, '0.0.0.0', done))
  const { port } = machine.address() as AddressInfo

  const db = useDrizzle()
  const [location] = (await db.execute<{ id: string }>(sql`select id from locations limit 1`)).rows
  const pairs = uuids.map(() => ({ id: randomBytes(8).toString('hex'), secret: randomBytes(32).toString('hex') }))
  const nodes = await db
    .insert(wingsNodes)
    .values(
      pairs.map(({ id, secret }, index) => ({
        uuid: randomUUID(),
        name: `many-${index}`,
        baseUrl: `http://${addressOf(index)}:${port}`,
        fqdn: addressOf(index),
        scheme: 'http' as const,
        memory: 1_000_000,
        disk: 10_000_000,
        daemonBase: '/var/lib/pterodactyl/volumes',
        tokenIdentifier: id,
        tokenSecret: secret,
        apiToken: secret,
        locationId: location?.id ?? null,
        lastSeenAt: new Date().toISOString(),
        flavour: 'pterodactyl' as const,
        version: '1.11.11',
      })),
    )
    .returning({ id: wingsNodes.id })
  const at = sql`now() at time zone 'utc'`
  await db.execute(sql`insert into servers (uuid, identifier, name, owner_id, node_id, nest_id, egg_id, startup, image, docker_image, created_at, updated_at, installed_at)
    select n.uuid, left(n.uuid, 8), 'Of a node', '1', n.node, e.nest_id, e.id, 'run', 'image', 'image', ${at}, ${at}, ${at}
      from json_to_recordset(${JSON.stringify(nodes.map(({ id }, index) => ({ uuid: uuids[index], node: id })))}::json) as n(uuid text, node text),
           (select id, nest_id from eggs limit 1) e`)
  return {
    bearers: pairs.map(({ id, secret }) => `${id}.${secret}`),
    servers: uuids.map((uuid) => ({ uuid, identifier: uuid.slice(0, 8) })),
    machine,
  }
}

const addressOf = (index: number) => `127.0.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`

const nodeOf = (host: string) => {
  const [, , block = '1', last = '1'] = host.split(/[.:]/)
  return (Number(block) - 1) * 250 + Number(last) - 1
}

/** What they cost in one minute: each reports a full batch, is checked and sampled, and somebody looks at a server of each. */
export async function measureMinute({ url, serverPid, postmasterPid }: Measured, many: ManyNodes, cookie: string) {
  const marks = [await markOf(serverPid, postmasterPid)]

  const waiting = many.bearers.map((bearer, index) => ({ bearer, server: many.servers[index]?.uuid ?? '' }))
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let node = waiting.pop(); node; node = waiting.pop()) await report(url, node)
    }),
  )
  // What so many new rows leave to tidy up is part of them, whenever the database would have done it.
  await useDrizzle().execute(sql`vacuum (analyze) audit_events`)
  marks.push(await markOf(serverPid, postmasterPid))

  const since = new Date().toISOString()
  await orderCheck()
  await untilChecked(since)
  marks.push(await markOf(serverPid, postmasterPid))

  for (let from = 0; from < MANY_NODES; from += PER_QUESTION) {
    const asked = many.servers.slice(from, from + PER_QUESTION).map(({ identifier }) => identifier)
    const reply = await fetch(`${url}/api/client/resources?servers=${asked.join()}`, { headers: { cookie } })
    const text = await reply.text()
    if (!reply.ok || !text.includes('running')) throw new Error(`The live values were not told: ${text.slice(0, 300)}`)
  }
  marks.push(await markOf(serverPid, postmasterPid))

  // Samples go on by themselves, each node's every ten seconds; so do the timetable's checks, once a minute. Right after
  // one there is no other for the time that is measured.
  await untilChecked(new Date().toISOString())
  const began = await markOf(serverPid, postmasterPid)
  await new Promise((later) => setTimeout(later, SAMPLED_MS))
  const ended = await markOf(serverPid, postmasterPid)

  return [
    ...['batches', 'checks', 'live values'].map((what, index) => between(what, marks[index], marks[index + 1])),
    between('samples', began, ended, 60_000 / SAMPLED_MS),
  ]
}

/** As the timetable does each minute. */
async function orderCheck(): Promise<void> {
  const boss = new PgBoss({ connectionString: useEnv().DATABASE_URL, supervise: false, schedule: false, max: 1 })
  await boss.start()
  await boss.send('nodes.check', {}, { singletonKey: randomUUID() })
  await boss.stop()
}

const between = (what: string, from: Mark | undefined, to: Mark | undefined, times = 1) => ({
  what,
  serverMs: ((to?.server ?? 0) - (from?.server ?? 0)) * times,
  databaseMs: ((to?.database ?? 0) - (from?.database ?? 0)) * times,
})

type Mark = Awaited<ReturnType<typeof markOf>>

/** What the panel does in a minute while nobody wants anything of it, which is part of every other figure. */
export async function measureRest({ serverPid, postmasterPid }: Measured) {
  const began = await markOf(serverPid, postmasterPid)
  await new Promise((later) => setTimeout(later, SAMPLED_MS))
  return between('at rest', began, await markOf(serverPid, postmasterPid), 60_000 / SAMPLED_MS)
}

async function markOf(serverPid: number, postmasterPid: number) {
  return { server: cpuOf(serverPid), database: databaseCpuOf(postmasterPid) }
}

async function report(url: string, { bearer, server }: { bearer: string; server: string }): Promise<void> {
  const reply = await fetch(`${url}/api/remote/activity`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: batchOf(() => server, ROWS),
  })
  if (!reply.ok) throw new Error(`A batch was refused with ${reply.status}: ${await reply.text()}`)
  await reply.arrayBuffer()
}

let batches = 0

/** Each one is new: what was sent before costs less. */
export function batchOf(serverAt: (index: number) => string, size: number): string {
  batches++
  const data = Array.from({ length: size }, (_, index) => ({
    user: null,
    server: serverAt(index),
    event: 'server:console.command',
    metadata: { command: `say ${batches} ${index}` },
    ip: '198.51.100.7',
    timestamp: new Date(Date.now() - index * 1000).toISOString().replace('Z', '123456Z'),
  }))
  return JSON.stringify({ data })
}

async function untilChecked(since: string): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    const { rows } = await useDrizzle().execute<{ left: string }>(
      sql`select count(*) as left from wings_nodes where name like 'many-%' and (system_seen_at is null or system_seen_at < ${since})`,
    )
    if (rows[0]?.left === '0') return
    await new Promise((later) => setTimeout(later, 100))
  }
  throw new Error('Not every node was checked.')
}

const SYSTEM = {
  version: '1.11.11',
  docker: { version: '27.0.0' },
  system: {
    architecture: 'amd64',
    cpu_threads: 8,
    memory_bytes: 64_000_000_000,
    kernel_version: '6.1.0',
    os: 'Debian',
    os_type: 'linux',
  },
}
