import { spawn, type ChildProcess } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'

/** A panel of its own, by the same command as any other. */
export interface RunningPanel {
  url: string
  process: ChildProcess
  /** Of the set-up link that it prints on its first start. One asked for beside it would end that one, or be ended by it. */
  setupToken: () => Promise<string>
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
  let printed = ''
  panel.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text))
  const setupToken = async () => {
    for (let tries = 0; tries < 300; tries++) {
      const [, token] = /\/auth\/setup#(\S+)/.exec(printed) ?? []
      if (token) return token
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    throw new Error('The panel printed no link for its set-up within a minute.')
  }
  for (let tries = 0; tries < 300; tries++) {
    if (panel.exitCode !== null) throw new Error('The panel did not start; what it said stands above.')
    if (
      await fetch(`${url}/api/health`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return { url, process: panel, setupToken }
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
