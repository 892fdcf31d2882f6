import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

export const TEST_SECRET = 'c4e1d9a70f3b5862c4e1d9a70f3b5862c4e1d9a70f3b5862c4e1d9a70f3b5862'

const SERVER = resolve('.output/server/index.mjs')
const READY_WITHIN_MS = 30_000

export interface RunningPanel {
  /** Without a slash at its end. */
  url: string
  process: ChildProcess
  /** All that it has printed. */
  output(): string
  /** By SIGTERM; the code it ended with. */
  stop(): Promise<number | null>
}

/** The built server on a port of its own, with the given environment on top of what every test panel has. */
export async function startPanel(
  environment: { DATABASE_URL: string } & Record<string, string>,
): Promise<RunningPanel> {
  if (!existsSync(SERVER)) {
    throw new Error('There is no built server. npm test builds it; so does npm run build.')
  }

  const child = spawn(process.execPath, [SERVER], {
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: '0',
      APP_SECRET: TEST_SECRET,
      LOG_LEVEL: 'warn',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk))
  const ended = new Promise<number | null>((done) => child.once('exit', done))

  const url = await Promise.race([
    listeningAt(() => output),
    ended.then((code) => {
      throw new Error(`The panel ended with ${code} before it listened:\n${output}`)
    }),
  ])

  return {
    url,
    process: child,
    output: () => output,
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

async function listeningAt(output: () => string): Promise<string> {
  const deadline = Date.now() + READY_WITHIN_MS
  while (Date.now() < deadline) {
    const url = /Listening on (http:\/\/\S+)/.exec(output())?.[1]
    if (url && (await fetch(`${url}/api/health`).catch(() => undefined))?.ok) {
      return url
    }
    await new Promise((later) => setTimeout(later, 25))
  }

  throw new Error(`The panel did not answer within ${READY_WITHIN_MS} ms:\n${output()}`)
}
