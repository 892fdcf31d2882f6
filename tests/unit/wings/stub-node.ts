import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { wings } from '#server/wings/client'

export const server = '8f0f7e5c-0000-4000-8000-000000000001'
export const backup = '8f0f7e5c-0000-4000-8000-000000000002'
export const here = `/api/servers/${server}`

export type Door = ReturnType<typeof wings>

/** A program that notes what it is asked and answers what it was told to; 204 at the beginning of each test. */
export function stubNode() {
  let http: Server
  let reply: { status: number; body: string; headers?: Record<string, string> }
  const seen: { method?: string; url?: string; length?: string; body: string }[] = []

  function answers(status: number, body: unknown = '', headers?: Record<string, string>) {
    reply = { status, body: typeof body === 'string' ? body : JSON.stringify(body), headers }
  }

  beforeAll(async () => {
    process.env.DATABASE_URL ||= 'postgres://nobody@127.0.0.1:1/none'
    process.env.APP_SECRET ||= 'only for tests, only for tests, only for tests'
    http = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      seen.push({
        method: request.method,
        url: request.url,
        length: request.headers['content-length'],
        body: Buffer.concat(chunks).toString(),
      })
      response.writeHead(reply.status, reply.headers).end(reply.body)
    })
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  })

  afterAll(() => {
    http.close()
    http.closeAllConnections()
  })

  beforeEach(() => {
    seen.length = 0
    answers(204)
  })

  const node = () =>
    wings({
      id: 'one',
      baseUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
      apiToken: 'secret',
      allowInsecure: false,
    })

  return { seen, answers, node }
}
