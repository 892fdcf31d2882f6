import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { OperatorError } from '../../env/operator-error.ts'
import { isAlive } from './postmaster.ts'

const PATIENCE_MS = 90_000
const PAUSE_MS = 100

/** One starter at a time per data folder; the lock of a process that died is no lock. */
export async function withStartLock<Result>(file: string, step: () => Promise<Result>): Promise<Result> {
  const deadline = Date.now() + PATIENCE_MS
  while (!take(file)) {
    if (Date.now() > deadline) {
      throw new OperatorError(
        `Another process has been starting the database for a long time. If none does, remove ${file}.`,
      )
    }
    const owner = Number(read(file))
    if (owner && !isAlive(owner)) {
      rmSync(file, { force: true })
    } else {
      await sleep(PAUSE_MS)
    }
  }

  try {
    return await step()
  } finally {
    rmSync(file, { force: true })
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false
    }
    throw error
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
