import { accessSync, constants, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { containersOf, removeContainers } from './wings/docker.ts'
import { runSteps } from './wings/report.ts'
import { arrangementSteps } from './wings/steps/arrangement.ts'
import { backupSteps } from './wings/steps/backups.ts'
import { changeSteps } from './wings/steps/changes.ts'
import { containerSteps } from './wings/steps/containers.ts'
import { crowdSteps } from './wings/steps/crowd.ts'
import { fileSteps } from './wings/steps/files.ts'
import { installationSteps } from './wings/steps/installation.ts'
import { outageSteps, wrongTokenSteps } from './wings/steps/outages.ts'
import { endingSteps, runningSteps } from './wings/steps/running.ts'
import { panelAwaySteps } from './wings/steps/panel-away.ts'
import { placementSteps } from './wings/steps/placement.ts'
import { scheduleSteps } from './wings/steps/schedules.ts'
import { sftpSteps } from './wings/steps/sftp.ts'
import { subuserSteps } from './wings/steps/subusers.ts'
import { transferSteps } from './wings/steps/transfers.ts'
import type { Found, Options } from './wings/trial.ts'

const USAGE = `npm run test:wings -- --binary PATH --flavour pterodactyl|pelican [options]

Runs everything that the panel does with a node against a real, unmodified daemon: its boot with no server, with one and
with five hundred, installation, console, power, changes, subusers, images and mounts, files, backups, schedules,
placement, SFTP, transfers between two daemons, rotation, deletion, and daemons, panels and databases that die or are away.

  --binary PATH           the daemon's program
  --flavour NAME          pterodactyl or pelican
  --game-image NAME       default ~xyra-trial-game:1; has a shell and runs $STARTUP, as images for games do
  --installer-image NAME  default 127.0.0.1:9/xyra-trial-installer:1; has a shell
  --servers N             default 500, the servers of the largest boot
  --keep                  keep the folder with the panel's and the daemon's logs

Needs: a build (npm run build), Docker, and root, since the daemon makes an account for its servers (pterodactyl or
pelican) that stays. Both images have to be on this machine. A daemon pulls every image whose name has no ~ before it,
and takes a local one of the same name when that fails; ~ works for the image of a game only. A name that begins with
127.0.0.1:9/ fails at once.`

function readOptions(): Options & { keep: boolean } {
  const { values } = parseArgs({
    options: {
      binary: { type: 'string' },
      flavour: { type: 'string' },
      'game-image': { type: 'string', default: '~xyra-trial-game:1' },
      'installer-image': { type: 'string', default: '127.0.0.1:9/xyra-trial-installer:1' },
      servers: { type: 'string', default: '500' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) end(USAGE, 0)
  const { binary, flavour } = values
  if (!binary || (flavour !== 'pterodactyl' && flavour !== 'pelican')) return end(USAGE, 2)
  const servers = Number(values.servers)
  if (!Number.isInteger(servers) || servers < 1 || servers > 1000)
    return end('--servers takes a number from 1 to 1000.', 2)

  const program = resolve(binary)
  try {
    accessSync(program, constants.X_OK)
  } catch {
    return end(`${program} is not there, or cannot be run.`, 2)
  }
  if (!existsSync(join(import.meta.dirname, '..', '.output', 'server', 'index.mjs')))
    return end('The panel has not been built yet: npm run build', 2)
  if (process.getuid?.() !== 0) return end('The daemon needs root: it makes an account for its servers.', 2)

  return {
    binary: program,
    flavour,
    gameImage: values['game-image'],
    installerImage: values['installer-image'],
    servers,
    keep: values.keep,
  }
}

function end(sentence: string, code: number): never {
  console[code === 0 ? 'log' : 'error'](sentence)
  process.exit(code)
}

/** Each part by itself: what cannot be removed does not keep the rest. */
async function cleanUp(found: Found, { keep }: { keep: boolean }): Promise<void> {
  const acts: [string, () => unknown][] = [
    ['console', () => found.console?.close()],
    ['daemon', () => found.daemon?.stop()],
    ['second daemon', () => found.targetDaemon?.stop()],
    ['containers', async () => found.uuids.length > 0 && removeContainers(await containersOf(found.uuids))],
    ['network', () => found.network?.remove()],
    ['second network', () => found.target?.network.remove()],
    ['image', () => found.otherImage?.remove()],
    ['panel', () => found.panel?.program.stop()],
    ['folder', () => keep || rmSync(found.folder, { recursive: true, force: true })],
  ]
  for (const [what, act] of acts) {
    try {
      await act()
    } catch (error) {
      console.error(`left behind: ${what}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}

const { keep, ...options } = readOptions()
const found: Found = { options, folder: mkdtempSync(join(tmpdir(), 'xyra-trial-')), uuids: [] }
console.log(`${options.flavour}: ${options.binary}\n`)

let isInterrupted = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    isInterrupted = true
    console.error('Interrupted: the step at hand is the last one.')
  })
}

const { passed, failed, skipped } = await runSteps(
  [
    ...arrangementSteps,
    ...wrongTokenSteps,
    ...installationSteps,
    ...runningSteps,
    ...fileSteps,
    ...subuserSteps,
    ...changeSteps,
    ...containerSteps,
    ...endingSteps,
    ...backupSteps,
    ...scheduleSteps,
    ...placementSteps,
    ...sftpSteps,
    ...panelAwaySteps,
    ...transferSteps,
    ...outageSteps,
    ...crowdSteps,
  ],
  found,
  () => isInterrupted,
)
if (failed > 0) {
  const programs = { panel: found.panel?.program, daemon: found.daemon?.program }
  for (const [name, program] of Object.entries(programs))
    console.log(`\n${name}, its last lines:\n${program?.lastLines() ?? 'it did not start'}`)
}
await cleanUp(found, { keep })
if (keep) console.log(`\nLogs are in ${found.folder}.`)

console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(failed > 0 || isInterrupted ? 1 : 0)
