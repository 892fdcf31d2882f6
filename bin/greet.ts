import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningDatabase } from '#server/database/embedded'
import type { LaunchEnvironment } from '#server/env'

const READY_WITHIN_MS = 60_000
const PAUSE_MS = 25

interface Greet {
  settings: LaunchEnvironment
  database: RunningDatabase
  isUnused: boolean
}

/** Says where the panel is, once it answers there, and on an unused one how the first person comes in. */
export async function greet({ settings, database, isUnused }: Greet): Promise<void> {
  const address = addressOf(settings)
  if (!(await answers(address))) {
    console.error(`The panel does not answer at ${address} within a minute; its log above says more.`)
    return
  }

  console.log(`\nXyraPanel is ready at ${settings.APP_URL ?? address}`)
  if (database.kind === 'embedded' && !database.isOwned) {
    console.log('It uses the database that another process of this panel started, and loses it when that one ends.')
  }
  if (isUnused) {
    console.log(`Set it up here, within seven days and once: ${await makeSetupLink()}`)
  }
}

/** Where this machine reaches it. */
function addressOf({ HOST, PORT }: LaunchEnvironment): string {
  const isEverywhere = !HOST || ['0.0.0.0', '::'].includes(HOST)
  const host = isEverywhere ? 'localhost' : HOST.includes(':') ? `[${HOST}]` : HOST

  return `http://${host}:${PORT}`
}

async function answers(address: string): Promise<boolean> {
  const deadline = Date.now() + READY_WITHIN_MS
  while (Date.now() < deadline) {
    const reply = await fetch(`${address}/api/health`).catch(() => undefined)
    if (reply?.ok) {
      return true
    }
    await sleep(PAUSE_MS)
  }

  return false
}

/** In a process of its own: this one stays as small as it is. */
function makeSetupLink(): Promise<string> {
  const commandLine = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'xyra.ts'), 'setup-link']

  return new Promise((resolve) => {
    execFile(process.execPath, commandLine, (error, stdout, stderr) =>
      resolve(
        error ? `it could not be made (${stderr.trim()}). Ask again: npm run -s xyra -- setup-link` : stdout.trim(),
      ),
    )
  })
}
