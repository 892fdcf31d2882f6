import { mkdir, writeFile, access } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Daemon } from './daemon.ts'
import { parseJson, struct, text } from './decode.ts'
import { measureDisk } from './disk.ts'
import { power } from './power.ts'
import type { GameServer } from './server.ts'
import { stop } from './stop.ts'
import { syncServer } from './sync.ts'

const script = struct({ container_image: text, entrypoint: text, script: text })

interface Install {
  isReinstall: boolean
}

/** A server that was just accepted: its container, its installation, and its first start where that is wanted. */
export async function setUp(daemon: Daemon, server: GameServer, startOnCompletion: boolean): Promise<void> {
  const { image } = server.configuration.settings.container
  // The panel is told nothing of this, and goes on believing that the server is being installed.
  if (daemon.missingImages.has(image)) throw new Error(`the image ${image} cannot be pulled`)
  server.hasContainer = true

  const isInstalled = await install(daemon, server, { isReinstall: false })
  if (isInstalled && startOnCompletion) await power(daemon, server, 'start', 30_000)
}

export async function reinstall(daemon: Daemon, server: GameServer): Promise<void> {
  await stop(daemon, server, 10_000)
  await syncServer(daemon, server)
  await install(daemon, server, { isReinstall: true })
}

/** Runs the installer and reports. What its script ends with is not looked at: only that it could be run. */
export async function install(daemon: Daemon, server: GameServer, { isReinstall }: Install): Promise<boolean> {
  server.isInstalling = true
  server.tell('install started', '')
  let isSuccessful = true

  try {
    if (!server.configuration.settings.skip_egg_scripts) await runInstaller(daemon, server)
  } catch (error) {
    daemon.log.push(`installation of ${server.uuid}: ${error instanceof Error ? error.message : String(error)}`)
    isSuccessful = false
  } finally {
    server.isInstalling = false
  }

  const life = AbortSignal.any([daemon.signal, server.life.signal])
  if (life.aborted) return false
  await daemon.panel
    .post(`/servers/${server.uuid}/install`, { successful: isSuccessful, reinstall: isReinstall })
    .catch((error: unknown) => daemon.log.push(`report of an installation: ${String(error)}`))
  server.setState('offline')
  server.tell('install completed', '')
  return isSuccessful
}

async function runInstaller(daemon: Daemon, server: GameServer): Promise<void> {
  const told = script(parseJson(await daemon.panel.get(`/servers/${server.uuid}/install`)), '')
  const image = told.container_image
  if (daemon.missingImages.has(image) || image.startsWith('~')) throw new Error(`the image ${image} cannot be pulled`)

  server.tell('daemon message', 'The installation begins, this may take a while')
  const printed: string[] = []
  for (const line of [
    `Pulling ${image}`,
    `Running ${told.entrypoint} /mnt/install/install.sh`,
    ...echoes(told.script),
    'The script has ended',
  ]) {
    await pause(daemon.timing.stepMs, undefined, { signal: AbortSignal.any([daemon.signal, server.life.signal]) })
    printed.push(line)
    server.tell('install output', line)
  }

  await layOut(server)
  server.installLog = printed.join('\n')
}

/** What the script would print, as far as it says so in so many words. */
function echoes(source: string): string[] {
  return [...source.matchAll(/^\s*echo\s+(?:-e\s+)?(["']?)(.*?)\1\s*$/gm)].map(([, , said = '']) => said)
}

const FIRST_FILES: Record<string, string> = {
  'server.properties': 'motd=A simulated server\nmax-players=20\nserver-port=25565\n',
  'eula.txt': 'eula=true\n',
  'logs/latest.log': '',
}

/** What an installer leaves behind. What is there already is kept, as it is by a script that only downloads. */
async function layOut(server: GameServer): Promise<void> {
  for (const [name, content] of Object.entries(FIRST_FILES)) {
    const path = join(server.root, name)
    await mkdir(join(path, '..'), { recursive: true })
    const isThere = await access(path).then(
      () => true,
      () => false,
    )
    if (!isThere) await writeFile(path, content)
  }
  await measureDisk(server)
}
