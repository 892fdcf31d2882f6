import { strict as assert } from 'node:assert'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { line, openConsole, status, type ConsoleSocket } from '../console-socket.ts'
import { imageOf, mountsOf, runningContainerOf } from '../docker.ts'
import { configurationOf } from '../node.ts'
import { defineStep as step, type Step } from '../report.ts'
import type { Session } from '../session.ts'
import { boot, LINE_WITHIN_MS, numbered, power, STATE_WITHIN_MS, until, type Found, type Server } from '../trial.ts'

const allowedMounts = z.object({ allowed_mounts: z.array(z.string()) })

async function restart(session: Session, server: Server, console: ConsoleSocket): Promise<void> {
  const before = await runningContainerOf(server.uuid)
  console.mark()
  await power(session, server, 'restart')
  await console.wait(status('starting'), 'the state starting', STATE_WITHIN_MS)
  await console.wait(status('running'), 'the state running', STATE_WITHIN_MS)
  await until('a new container runs', STATE_WITHIN_MS, async () => {
    const now = await runningContainerOf(server.uuid)
    return now !== undefined && now !== before
  })
}

const sharedWith = async ({ uuid }: Server, target: string) =>
  (await mountsOf(uuid)).find((mount) => mount.target === target)

/** What a container is made of. The server runs before and after. */
export const containerSteps: Step<Found>[] = [
  step(
    'another image of the egg is taken at the next start, one of no egg never',
    ['session', 'installedServer', 'console', 'options', 'otherImage'],
    async ({ session, installedServer: server, console, options, otherImage }, note) => {
      const choose = `PUT /api/client/servers/${server.identifier}/settings/docker-image`
      const [usual, other] = [options.gameImage, otherImage.name].map((name) => name.replace(/^~/, ''))
      assert.equal(await session.status(choose, { docker_image: options.installerImage }), 422)
      assert.equal(await imageOf(server.uuid), usual)
      await session.call(choose, { docker_image: otherImage.name })
      assert.equal(await imageOf(server.uuid), usual, 'nothing changes while it runs')
      await restart(session, server, console)
      assert.equal(await imageOf(server.uuid), other)
      note(`${usual} → ${other}`)
      await session.call(choose, { docker_image: options.gameImage })
      await restart(session, server, console)
      assert.equal(await imageOf(server.uuid), usual)
    },
  ),

  step(
    'a mount lies in the container once the daemon may share it, for reading only, and goes at the next start',
    ['session', 'installedServer', 'console', 'options', 'folder', 'network', 'daemon', 'nodeId', 'eggId'],
    async (found, note) => {
      const { session, installedServer: server, folder, nodeId, eggId } = found
      const source = join(folder, 'maps')
      mkdirSync(source)
      writeFileSync(join(source, 'map.txt'), 'of the host')
      const target = '/mnt/maps'
      const links = { nodes: [nodeId], eggs: [eggId] }
      const body = { name: 'Maps', source, target, read_only: true, ...links }
      const { id } = numbered.parse(await session.call('POST /api/application/mounts', body)).attributes
      const attachment = `/api/application/servers/${server.id}/mounts/${id}`
      await session.call(`PUT ${attachment}`)
      await restart(session, server, found.console)
      assert.equal(await sharedWith(server, target), undefined, 'its configuration does not name the folder yet')

      const given = await configurationOf(session, nodeId)
      assert.deepEqual(allowedMounts.parse(given).allowed_mounts, [source])
      found.console.close()
      await found.daemon.stop()
      const daemon = await boot({ ...found, given }, note)
      const console = await openConsole(session, server.identifier)
      await restart(session, server, console)
      assert.deepEqual(await sharedWith(server, target), { source, target, isWritable: false })
      console.send('send command', `show ${target}/map.txt`)
      await console.wait(line('trial: content [of the host]'), 'the file of the host', LINE_WITHIN_MS)
      console.send('send command', `run echo x > ${target}/new.txt`)
      await console.wait(line('trial: ran'), 'the end of the attempt', LINE_WITHIN_MS)
      assert.ok(!existsSync(join(source, 'new.txt')), 'it was written to')

      // Both daemons keep to their own list, whatever the panel says of a server.
      const hidden = join(folder, 'hidden')
      mkdirSync(hidden)
      const second = { name: 'Hidden', source: hidden, target: '/mnt/hidden', ...links }
      const other = numbered.parse(await session.call('POST /api/application/mounts', second)).attributes
      const otherAttachment = `/api/application/servers/${server.id}/mounts/${other.id}`
      await session.call(`PUT ${otherAttachment}`)
      await restart(session, server, console)
      assert.equal(await sharedWith(server, '/mnt/hidden'), undefined)
      assert.ok(await sharedWith(server, target), 'the allowed one stays')

      for (const path of [attachment, otherAttachment]) await session.call(`DELETE ${path}`)
      await restart(session, server, console)
      assert.equal(await sharedWith(server, target), undefined)
      for (const mount of [id, other.id]) await session.call(`DELETE /api/application/mounts/${mount}`)
      return { daemon, given, console }
    },
  ),
]
