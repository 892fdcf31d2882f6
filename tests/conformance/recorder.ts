import { createServer, request as send, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Exchange {
  /** `POST /api/client/servers/8f0f7e5c/power` */
  signature: string
  headers: IncomingHttpHeaders
  body: string
  status: number
  reply: string
}

export interface Wire {
  /** What clients are given for the address of the panel. */
  url: string
  exchanges: Exchange[]
  /** The latest that went through. */
  last: () => Exchange
}

/** Stands between a client and the panel, hands everything on as it is, and keeps what went through. */
export async function recordWire(target: string): Promise<Wire> {
  const { hostname, port } = new URL(target)
  const exchanges: Exchange[] = []

  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url: path = '/', headers } = incoming
    const body: Buffer[] = []
    const onward = send({ hostname, port, method, path, headers }, (answer) => {
      const reply: Buffer[] = []
      answer.on('data', (chunk: Buffer) => reply.push(chunk))
      answer.on('end', () => {
        const status = answer.statusCode ?? 0
        exchanges.push({
          signature: `${method} ${path}`,
          headers,
          body: Buffer.concat(body).toString(),
          status,
          reply: Buffer.concat(reply).toString(),
        })
        outgoing.writeHead(status, answer.headers).end(Buffer.concat(reply))
      })
    })
    incoming.on('data', (chunk: Buffer) => {
      body.push(chunk)
      onward.write(chunk)
    })
    incoming.on('end', () => onward.end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    last() {
      const exchange = exchanges.at(-1)
      if (!exchange) throw new Error('Nothing went through yet.')
      return exchange
    },
  }
}
