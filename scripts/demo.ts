import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { startWings } from '../simulator/wings.ts'
import { addDatabase, addSchedules, keepDatabaseHost } from './demo/furnish.ts'
import { browserOf, freePort, startPanel } from './demo/panel.ts'

/*
 * A panel in which everything is alive, in one command. The first run fills it through the API, as an administrator
 * would; later runs find it as it was left. The node is simulated: its servers print, answer and keep files, and run nothing.
 */

const PASSWORD = 'demo demo demo'
const SERVERS = [
  { name: 'Survival', owner: 'marta', egg: 'Paper', memory: 4096, cpu: 200, disk: 20_480, runs: true },
  { name: 'Creative build', owner: 'marta', egg: 'Paper', memory: 4096, cpu: 200, disk: 20_480, runs: true },
  { name: 'Terraria hard mode', owner: 'marta', egg: 'Terraria', memory: 2048, cpu: 100, disk: 5120, runs: false },
  { name: 'Rust EU monthly', owner: 'marta', egg: 'Rust', memory: 12_288, cpu: 400, disk: 30_720, runs: true },
  { name: 'Discord bot', owner: 'alexis', egg: 'Node.js', memory: 512, cpu: 50, disk: 2048, runs: true },
  { name: 'Try-out', owner: 'alexis', egg: 'Shell demo', memory: 256, cpu: 50, disk: 512, runs: false },
]

/** A folder of the simulated host. */
const SHARED_MAPS = '/srv/maps'

const dataFolder = process.env.XYRA_DATA_DIR || join('.data', 'demo')
mkdirSync(dataFolder, { recursive: true })
const nodeFile = join(dataFolder, 'node.json')
const isFirst = !existsSync(nodeFile)

const port = Number(process.env.PORT) || 3000
const panel = await startPanel({ dataFolder, port })
// However this ends, the panel ends with it.
process.once('exit', () => panel.process.kill('SIGTERM'))
const call = browserOf(panel.url)

const nodeConfiguration = z.object({ token_id: z.string(), token: z.string(), port: z.int() })
const node = isFirst ? await fill() : nodeConfiguration.parse(JSON.parse(readFileSync(nodeFile, 'utf8')))
const wings = await startWings({
  flavour: 'pelican',
  panelUrl: panel.url,
  tokenId: node.token_id,
  token: node.token,
  port: node.port,
  allowedMounts: [SHARED_MAPS],
  dataDir: join(dataFolder, 'wings'),
  timing: { tickMs: 4000 },
})
if (isFirst) await fillServers()
else await wake()

console.log(`
  The demo runs at ${panel.url}

  marta    ${PASSWORD}   administers the panel
  alexis   ${PASSWORD}   has two servers

  Its node is simulated: its servers print, answer and keep files, and run nothing.
  Ctrl+C ends it; the next start finds everything as it was. Its data: ${dataFolder}
`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end())
panel.process.once('exit', () => void end())

async function end(): Promise<void> {
  await wings.stop()
  if (panel.process.exitCode === null) panel.process.kill('SIGTERM')
  process.exitCode = 0
}

interface Made {
  attributes: { id: number; identifier: string; uuid: string }
}

function idOf(reply: unknown): number {
  return (reply as Made).attributes.id
}

/** Panel, people, node and ports. */
async function fill() {
  const token = await panel.setupToken()
  await call('POST /api/client/setup', {
    token,
    username: 'marta',
    email: 'marta@example.com',
    password: PASSWORD,
    panel: { name: 'Kestrel Hosting', address: panel.url, language: 'en', time_zone: 'Europe/Berlin' },
  })
  await call('POST /api/application/users', {
    username: 'alexis',
    email: 'alexis@example.com',
    first_name: 'Alexis',
    last_name: 'Roe',
    password: PASSWORD,
  })

  const location = idOf(await call('POST /api/application/locations', { short: 'fra', long: 'Frankfurt' }))
  const nodePort = await freePort()
  const made = await call('POST /api/application/nodes', {
    name: 'fra-1',
    location_id: location,
    fqdn: '127.0.0.1',
    scheme: 'http',
    memory: 65_536,
    memory_overallocate: 0,
    disk: 1_000_000,
    disk_overallocate: 0,
    cpu: 1600,
    daemon_sftp: 2022,
    daemon_listen: nodePort,
  })
  const id = idOf(made)
  await call(`POST /api/application/nodes/${id}/allocations`, {
    ip: '198.51.100.24',
    alias: 'play.kestrel.example',
    ports: ['25565-25600'],
  })
  const { token_id: tokenId, token: secret } = z
    .object({ token_id: z.string(), token: z.string() })
    .parse(await call(`GET /api/application/nodes/${id}/configuration`))
  const kept = { token_id: tokenId, token: secret, port: nodePort }
  writeFileSync(nodeFile, JSON.stringify(kept), { mode: 0o600 })
  return kept
}

async function fillServers(): Promise<void> {
  const list = z.object({
    data: z.array(
      z.object({
        attributes: z.looseObject({ id: z.int(), name: z.string().optional(), username: z.string().optional() }),
      }),
    ),
  })
  const people = list.parse(await call('GET /api/application/users'))
  const eggs = list.parse(await call('GET /api/application/eggs'))
  const named = (of: z.output<typeof list>, name: string) =>
    of.data.find(({ attributes }) =>
      (attributes.username ?? attributes.name ?? '').toLowerCase().startsWith(name.toLowerCase()),
    )?.attributes

  const nodes = list.parse(await call('GET /api/application/nodes')).data.map(({ attributes }) => attributes.id)
  await call('POST /api/application/mounts', {
    name: 'Shared maps',
    description: 'Maps that all Minecraft servers may use',
    source: SHARED_MAPS,
    target: '/mnt/maps',
    read_only: true,
    user_mountable: true,
    nodes,
    eggs: [named(eggs, 'Paper')?.id],
  })

  for (const { name, owner, egg: eggName, memory, cpu, disk, runs } of SERVERS) {
    const egg = z
      .looseObject({ id: z.int(), startup: z.string(), docker_image: z.string() })
      .parse(named(eggs, eggName))
    const reply = await call('POST /api/application/servers', {
      name,
      user: named(people, owner)?.id,
      egg: egg.id,
      docker_image: egg.docker_image,
      startup: egg.startup,
      environment: { RCON_PASS: 'demo-only' },
      limits: { memory, swap: 0, disk, io: 500, cpu },
      feature_limits: { databases: 2, backups: 5, allocations: 2 },
      deploy: { locations: [], dedicated_ip: false, port_range: [] },
      start_on_completion: runs,
    })
    const { identifier } = (reply as unknown as Made).attributes
    await untilInstalled(identifier)
    if (name !== 'Survival') continue
    await addSchedules(call, identifier)
    await addDatabase(call, { dataFolder, password: PASSWORD, node: nodes[0] ?? 0, server: identifier })
  }
}

async function untilInstalled(identifier: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const { attributes } = z
      .object({ attributes: z.looseObject({ status: z.string().nullable() }) })
      .parse(await call(`GET /api/client/servers/${identifier}`))
    if (attributes.status !== 'installing') return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** After a start nothing runs yet: what ran in the demo runs again. */
async function wake(): Promise<void> {
  await call('POST /auth/login', { user: 'marta', password: PASSWORD })
  await keepDatabaseHost(call, { dataFolder, password: PASSWORD })
  const all = z
    .object({ data: z.array(z.object({ attributes: z.looseObject({ identifier: z.string(), name: z.string() }) })) })
    .parse(await call('GET /api/client?type=admin-all'))
  for (const { attributes } of all.data) {
    if (SERVERS.find(({ name }) => name === attributes.name)?.runs)
      await call(`POST /api/client/servers/${attributes.identifier}/power`, { signal: 'start' }).catch(() => undefined)
  }
}
