import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Postmaster {
  pid: number
  port: number
  isReady: boolean
}

const pidFile = (dataFolder: string) => join(dataFolder, 'postmaster.pid')

/** The server that runs on a data folder, as its own file says: line 1 the process, line 4 the port, line 8 the state. */
export function findPostmaster(dataFolder: string): Postmaster | undefined {
  try {
    const lines = readFileSync(pidFile(dataFolder), 'utf8').split('\n')
    const pid = Number(lines[0])

    return pid && isAlive(pid) ? { pid, port: Number(lines[3]), isReady: lines[7]?.trim() === 'ready' } : undefined
  } catch {
    return undefined
  }
}

/** The file goes last. A process that ended stays visible as a zombie where nobody collects it, so it is no sign. */
export const isStopped = (dataFolder: string) => !existsSync(pidFile(dataFolder))

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
