import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

async function docker(...args: string[]): Promise<string> {
  const { stdout } = await run('docker', args)
  return stdout.trim()
}

export interface Network {
  name: string
  gateway: string
  remove(): Promise<void>
}

/** Made beforehand, since two daemons on one engine would both make theirs on the same addresses. */
export async function createNetwork(name: string): Promise<Network> {
  await docker('network', 'create', '--driver', 'bridge', name)
  const gateway = await docker('network', 'inspect', '--format', '{{(index .IPAM.Config 0).Gateway}}', name)

  return {
    name,
    gateway,
    async remove() {
      await docker('network', 'rm', name)
    },
  }
}

/** The containers of these servers, the installers' too. Wings names them by the server's uuid. */
export async function containersOf(uuids: readonly string[]): Promise<string[]> {
  const names = (await docker('ps', '--all', '--format', '{{.Names}}')).split('\n')
  return names.filter((name) => uuids.some((uuid) => name === uuid || name === `${uuid}_installer`))
}

export async function removeContainers(names: readonly string[]): Promise<void> {
  if (names.length > 0) await docker('rm', '--force', ...names)
}

/** The memory that a server's container may take, bytes. */
export const memoryLimitOf = async (uuid: string): Promise<number> =>
  Number(await docker('inspect', '--format', '{{.HostConfig.Memory}}', uuid))

/** The ports of this machine that lead into a server's container. */
export async function publishedPortsOf(uuid: string): Promise<number[]> {
  const said = await docker('inspect', '--format', '{{json .HostConfig.PortBindings}}', uuid)
  const bindings = JSON.parse(said) as Record<string, { HostPort: string }[]>
  const ports = Object.values(bindings).flatMap((all) => all.map(({ HostPort }) => Number(HostPort)))
  return [...new Set(ports)].toSorted((a, b) => a - b)
}

/** Which container it runs in now; each start makes a new one. */
export const runningContainerOf = (uuid: string): Promise<string | undefined> =>
  docker('inspect', '--format', '{{if .State.Running}}{{.Id}}{{end}}', uuid).then(
    (id) => id || undefined,
    () => undefined,
  )

/** What the container was made from. */
export const imageOf = (uuid: string): Promise<string> => docker('inspect', '--format', '{{.Config.Image}}', uuid)

/** What of the host lies in the container, and whether it can be written there. */
export async function mountsOf(uuid: string): Promise<{ source: string; target: string; isWritable: boolean }[]> {
  const said = await docker('inspect', '--format', '{{json .Mounts}}', uuid)
  const mounts = JSON.parse(said) as { Source: string; Destination: string; RW: boolean }[]
  return mounts.map(({ Source, Destination, RW }) => ({ source: Source, target: Destination, isWritable: RW }))
}

/** A second name of an image, for as long as the trial lasts. */
export async function nameImage(image: string, name: string): Promise<{ remove(): Promise<void> }> {
  await docker('tag', image.replace(/^~/, ''), name)
  return {
    async remove() {
      await docker('rmi', '--no-prune', name)
    },
  }
}

/** A leading `~` tells the daemon never to pull; the engine knows the image without it. */
export async function assertImage(image: string): Promise<void> {
  await docker('image', 'inspect', '--format', '{{.Id}}', image.replace(/^~/, '')).catch(() => {
    throw new Error(`Docker has no image ${image.replace(/^~/, '')} on this machine`)
  })
}

export async function engineVersion(): Promise<string> {
  return docker('version', '--format', '{{.Server.Version}}')
}
