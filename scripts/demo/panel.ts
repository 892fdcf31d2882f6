import { spawn, type ChildProcess } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'

/** A panel of its own, by the same command as any other. */
export interface RunningPanel {
  url: string
  process: ChildProcess
}

export async function startPanel({ dataFolder, port }: { dataFolder: string; port: number }): Promise<RunningPanel> {
  const url = `http://localhost:${port}`
  const env = { ...process.env, XYRA_DATA_DIR: dataFolder, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'warn' }
  const panel = spawn(
    process.execPath,
    [
      '--max-semi-space-size=16',
      '--max-old-space-size=512',
      '--disable-warning=ExperimentalWarning',
      'bin/xyra.ts',
      'start',
    ],
    {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  for (let tries = 0; tries < 300; tries++) {
    if (panel.exitCode !== null) throw new Error('The panel did not start; what it said stands above.')
    if (
      await fetch(`${url}/api/health`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return { url, process: panel }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('The panel did not answer within a minute.')
}

/** One that nothing listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** What `xyra <command> --json` prints. */
export async function runCommand(dataFolder: string, args: string[]): Promise<unknown> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'bin/xyra.ts', ...args, '--json'], {
    env: { ...process.env, XYRA_DATA_DIR: dataFolder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk))
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`xyra ${args[0]} ended with ${String(code)}.`)
  return JSON.parse(printed)
}

/** Calls the panel as a browser does: with the cookies it was given, from its own origin. */
export function browserOf(url: string) {
  const cookies = new Map<string, string>()
  return async function call(signature: string, body?: unknown): Promise<Record<string, never>> {
    const [method = 'GET', path = '/'] = signature.split(' ')
    const response = await fetch(url + path, {
      method,
      headers: {
        'content-type': 'application/json',
        origin: url,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      cookies.set(name, value)
    }
    const text = await response.text()
    if (!response.ok) throw new Error(`${signature} answered ${response.status}: ${text.slice(0, 500)}`)
    return (text ? JSON.parse(text) : {}) as Record<string, never>
  }
}
