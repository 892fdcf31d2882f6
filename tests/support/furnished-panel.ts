import { inject } from 'vitest'
import { freePort } from '../../scripts/demo/panel.ts'
import { startWings, type Wings, type WingsOptions } from '../../simulator/wings.ts'
import { makeDatabase } from './database'
import { startPanel, TEST_SECRET, type RunningPanel } from './panel'
import { runXyra } from './xyra'

export const PASSWORD = 'tea with the admiral'
export const PANEL_NAME = 'Kestrel Hosting'

/** A node at whose speed a test does not have to wait. */
export const FAST = {
  stepMs: 5,
  tickMs: 0,
  statsMs: 200,
  activityMs: 200,
  retryFirstMs: 50,
  retryForMs: 1000,
  stopWaitMs: 2000,
}

export interface BuiltPanel {
  url: string
  databaseUrl: string
  panel: RunningPanel
  setupLink: string
  stop: () => Promise<void>
}

/** The built server on a database of its own that nobody has set up, and the link that opens the set-up. */
export async function startBuiltPanel(): Promise<BuiltPanel> {
  const database = await makeDatabase(inject('templateUrl'))
  const [panel, link] = await Promise.all([
    startPanel({ DATABASE_URL: database.url }),
    runXyra(['setup-link', '--json'], { DATABASE_URL: database.url, APP_SECRET: TEST_SECRET, LOG_LEVEL: 'warn' }),
  ])
  const setupLink = new URL((JSON.parse(link.stdout) as { url: string }).url)

  return {
    url: panel.url,
    databaseUrl: database.url,
    panel,
    setupLink: `${panel.url}${setupLink.pathname}${setupLink.hash}`,
    async stop() {
      await panel.stop()
      await database.drop()
    },
  }
}

interface Cookie {
  name: string
  value: string
  url: string
}

export interface Visitor {
  /** What a window is given to be this person's. */
  cookies: () => Cookie[]
  /** @throws {Error} what was answered, unless it was a success */
  call: (signature: string, body?: unknown) => Promise<Loose>
  /** The reply as it is, whatever its status. */
  send: (signature: string, body?: unknown) => Promise<Response>
}

type Loose = ReturnType<typeof JSON.parse>

/** Calls the panel as its own pages do: with the cookies that it gave. */
export function visitorOf(url: string): Visitor {
  const cookies = new Map<string, string>()

  async function send(signature: string, body?: unknown): Promise<Response> {
    const [method = 'GET', path = '/'] = signature.split(' ')
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        origin: url,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    return response
  }

  return {
    cookies: () => [...cookies].map(([name, value]) => ({ name, value, url })),
    send,
    async call(signature, body) {
      const response = await send(signature, body)
      const text = await response.text()
      if (!response.ok) {
        throw new Error(`${signature} answered ${response.status}: ${text.slice(0, 500)}`)
      }
      return text ? JSON.parse(text) : undefined
    },
  }
}

/** Somebody with an account, in a browser of his own. */
export async function signIn(url: string, user: string): Promise<Visitor> {
  const visitor = visitorOf(url)
  await visitor.call('POST /auth/login', { user, password: PASSWORD })
  return visitor
}

export interface Person {
  id: string
  username: string
}

export interface FurnishedPanel extends BuiltPanel {
  wings: Wings
  nodeId: number
  /** The root administrator, who speaks English, and is signed in. */
  root: Visitor
  makePerson: (username: string, more?: Record<string, unknown>) => Promise<Person>
  /** Made through the API and installed; `starts` waits until it runs. */
  makeServer: (asked: {
    name: string
    owner: string
    starts?: boolean
  }) => Promise<{ id: number; uuid: string; identifier: string }>
}

/** A panel that was set up, with a simulated node, ports and the shipped eggs. */
export async function furnishPanel({
  game,
  timing,
}: Pick<WingsOptions, 'game' | 'timing'> = {}): Promise<FurnishedPanel> {
  const built = await startBuiltPanel()
  const { url } = built
  const root = visitorOf(url)
  await root.call('POST /api/client/setup', {
    token: new URL(built.setupLink).hash.slice(1),
    username: 'marta',
    email: 'marta@example.test',
    password: PASSWORD,
    panel: { name: PANEL_NAME, address: url, language: 'en', time_zone: 'Europe/Berlin' },
  })
  const port = await freePort()
  const { nodeId, ...pair } = await makeNodeAt(root, port)
  const wings = await startWings({
    panelUrl: url,
    port,
    ...pair,
    timing: { ...FAST, ...timing },
    ...(game && { game }),
  })

  const makePerson = async (username: string, more: Record<string, unknown> = {}): Promise<Person> => {
    const { attributes } = await root.call('POST /api/application/users', {
      username,
      email: `${username}@example.test`,
      first_name: 'Ada',
      last_name: 'Lovelace',
      password: PASSWORD,
      ...more,
    })
    return { id: String(attributes.id), username }
  }

  const makeServer: FurnishedPanel['makeServer'] = async ({ name, owner, starts = false }) => {
    const eggs = await root.call('GET /api/application/eggs')
    const egg = eggs.data.find(({ attributes }: Loose) => attributes.name === 'Shell demo').attributes
    const users = await root.call(`GET /api/application/users?filter[username]=${owner}`)
    const { attributes } = await root.call('POST /api/application/servers', {
      name,
      user: users.data[0].attributes.id,
      egg: egg.id,
      docker_image: egg.docker_image,
      startup: egg.startup,
      environment: {},
      limits: { memory: 512, swap: 0, disk: 1024, io: 500, cpu: 100 },
      feature_limits: { databases: 1, backups: 1, allocations: 1 },
      deploy: { locations: [], dedicated_ip: false, port_range: [] },
      start_on_completion: starts,
    })
    const { id, uuid, identifier } = attributes
    await eventually(async () => (await root.call(`GET /api/client/servers/${identifier}`)).attributes.status === null)
    if (starts) {
      await eventually(() => wings.server(uuid).state === 'running')
    }
    return { id, uuid, identifier }
  }

  return {
    ...built,
    wings,
    nodeId,
    root,
    makePerson,
    makeServer,
    async stop() {
      await wings.stop()
      await built.stop()
    },
  }
}

/** A node that listens at this port of the machine, with ports for its servers. */
export async function makeNodeAt(
  root: Visitor,
  port: number,
): Promise<{ nodeId: number; tokenId: string; token: string }> {
  const location = await root.call('POST /api/application/locations', { short: 'fra', long: 'Frankfurt' })
  const made = await root.call('POST /api/application/nodes', {
    name: 'fra-1',
    location_id: location.attributes.id,
    fqdn: '127.0.0.1',
    scheme: 'http',
    memory: 65_536,
    memory_overallocate: 0,
    disk: 1_000_000,
    disk_overallocate: 0,
    cpu: 1600,
    daemon_sftp: 2022,
    daemon_listen: port,
  })
  const nodeId: number = made.attributes.id
  await root.call(`POST /api/application/nodes/${nodeId}/allocations`, { ip: '198.51.100.24', ports: ['25565-25600'] })
  const { token_id: tokenId, token } = await root.call(`GET /api/application/nodes/${nodeId}/configuration`)
  return { nodeId, tokenId, token }
}

/** Asks again until it is so. */
export async function eventually(isSo: () => boolean | Promise<boolean>, forMs = 10_000): Promise<void> {
  const end = Date.now() + forMs
  while (!(await isSo())) {
    if (Date.now() > end) {
      throw new Error('It never became so.')
    }
    await new Promise((later) => setTimeout(later, 25))
  }
}
