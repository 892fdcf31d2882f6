import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const KILL_AFTER_MS = 20_000
const PAUSE_MS = 50

export interface Program {
  pid: number
  /** Waits until `isReady` says so. Throws with the end of the program's output when it ends before, or takes too long. */
  ready(isReady: () => Promise<boolean>, withinMs: number): Promise<void>
  /** Asks it to end and, if it does not, ends it. */
  stop(): Promise<void>
  /** Ends it in the middle of whatever it does. */
  kill(): Promise<void>
  lastLines(count?: number): string
}

interface Start {
  name: string
  command: string
  args: string[]
  env?: NodeJS.ProcessEnv
  /** Where its output goes. */
  log: string
}

export async function startProgram({ name, command, args, env, log }: Start): Promise<Program> {
  const output = openSync(log, 'a')
  // A group of its own: an interruption at the terminal reaches this script alone, which then ends it in order.
  const child = spawn(command, args, { env, stdio: ['ignore', output, output], detached: true })
  closeSync(output)

  let ended: string | undefined
  const end = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = signal ?? `code ${code}`
      resolve()
    })
    child.once('error', (error) => {
      ended = error.message
      resolve()
    })
  })

  const lastLines = (count = 15) => readFileSync(log, 'utf8').trimEnd().split('\n').slice(-count).join('\n')

  async function ready(isReady: () => Promise<boolean>, withinMs: number): Promise<void> {
    const deadline = Date.now() + withinMs
    while (!(await isReady())) {
      if (ended !== undefined) throw new Error(`${name} ended (${ended}) before it answered:\n${lastLines()}`)
      if (Date.now() > deadline) throw new Error(`${name} does not answer within ${withinMs / 1000} s:\n${lastLines()}`)
      await sleep(PAUSE_MS)
    }
  }

  async function stop(): Promise<void> {
    if (ended !== undefined) return
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS)
    await end
    clearTimeout(timer)
  }

  async function kill(): Promise<void> {
    child.kill('SIGKILL')
    await end
  }

  return { pid: child.pid ?? 0, ready, stop, kill, lastLines }
}

/** A port that nobody had a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
