import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readConfiguration } from './configuration.ts'
import type { Daemon } from './daemon.ts'
import { list, Panic, parseJson, struct, uint, type Decode } from './decode.ts'
import { register, resume } from './register.ts'

/** As it stands in the list: decoded one by one, so that a bad element costs only itself. */
const raw: Decode<unknown> = (given) => given

const envelope = struct({
  data: list(raw),
  meta: struct({ current_page: uint, from: uint, last_page: uint, per_page: uint, to: uint, total: uint }),
})

/**
 * Learns from the panel what this node runs. A refusal, half a minute of silence or an envelope that cannot be read ends
 * the process, and so do contents that panic.
 *
 * @throws {Error} why the process ended
 */
export async function boot(daemon: Daemon): Promise<void> {
  try {
    const first = await fetchPage(daemon, 0)
    const { current_page: current, last_page: last } = first.meta
    const others = Array.from({ length: Math.max(0, last - current) }, (_, index) => current + 1 + index)
    const pages = await Promise.all(others.map((page) => fetchPage(daemon, page)))
    for (const element of [first, ...pages].flatMap(({ data }) => data)) await registerElement(daemon, element)
  } catch (error) {
    const reason = `${error instanceof Panic ? 'panic' : 'boot'}: ${error instanceof Error ? error.message : String(error)}`
    daemon.die(reason)
    throw new Error(reason, { cause: error })
  }

  await takeUpStates(daemon)
  daemon.background('reset', () => daemon.panel.post('/servers/reset'))
  keepTime(daemon)
}

async function fetchPage(daemon: Daemon, page: number) {
  const size = daemon.bootConfig.remote_query.boot_servers_per_page
  return envelope(parseJson(await daemon.panel.get(`/servers?page=${page}&per_page=${size}`)), '')
}

async function registerElement(daemon: Daemon, element: unknown): Promise<void> {
  try {
    await register(daemon, readConfiguration(element, daemon.flavour))
  } catch (error) {
    if (error instanceof Panic) throw error
    daemon.log.push(`a server of the list is skipped: ${String(error)}`)
  }
}

const statesFile = (daemon: Daemon) => join(daemon.dataDir, 'states.json')

async function takeUpStates(daemon: Daemon): Promise<void> {
  const states = await readFile(statesFile(daemon), 'utf8').then(
    (held) => JSON.parse(held) as Record<string, string>,
    () => ({}) as Record<string, string>,
  )
  for (const server of daemon.servers) {
    // A server of the list has been installed before, here or where it comes from.
    server.hasContainer = true
    if (states[server.uuid] === 'running' || states[server.uuid] === 'starting') resume(daemon, server)
  }
}

export async function saveStates(daemon: Daemon): Promise<void> {
  const states = Object.fromEntries(daemon.servers.map(({ uuid, state }) => [uuid, state]))
  await writeFile(statesFile(daemon), JSON.stringify(states))
}

/** The daemon's own timetable. */
function keepTime(daemon: Daemon): void {
  const activity = setInterval(
    () => daemon.background('activity', () => daemon.activity.send()),
    daemon.timing.activityMs,
  )
  const states = setInterval(() => daemon.background('states', () => saveStates(daemon)), 60_000)
  daemon.signal.addEventListener('abort', () => {
    clearInterval(activity)
    clearInterval(states)
  })
}
