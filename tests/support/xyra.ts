import { spawn, type ChildProcess } from 'node:child_process'

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

export interface Running {
  process: ChildProcess
  stdout(): string
  ended: Promise<Ended>
  /** Waits until it has printed something that fits. */
  says(pattern: RegExp): Promise<RegExpExecArray>
}

const SAYS_WITHIN_MS = 40_000

/** The command line, with nothing of this process's environment but the path. */
export function startXyra(commandLine: string[], environment: Record<string, string>): Running {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'bin/xyra.ts', ...commandLine], {
    env: { PATH: process.env.PATH, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk))
  let isOver = false
  const ended = new Promise<Ended>((done) =>
    child.once('close', (code) => {
      isOver = true
      done({ code, stdout, stderr })
    }),
  )

  return {
    process: child,
    stdout: () => stdout,
    ended,
    async says(pattern) {
      const deadline = Date.now() + SAYS_WITHIN_MS
      while (Date.now() < deadline) {
        const found = pattern.exec(stdout)
        if (found) {
          return found
        }
        if (isOver) {
          break
        }
        await new Promise((later) => setTimeout(later, 20))
      }
      child.kill('SIGKILL')
      throw new Error(`It never said ${pattern}:\n${stdout}\n${stderr}`)
    },
  }
}

export const runXyra = (commandLine: string[], environment: Record<string, string>): Promise<Ended> =>
  startXyra(commandLine, environment).ended
