import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Between two programs: what one asks of the other can be held on its way there, or its answer on the way back. */
export interface Gate {
  url: string
  port: number
  /** Holds what fits `POST /api/servers` and the like, until it is let go. */
  hold: (what: RegExp, where: 'before' | 'after') => Held
  /** How often it went through. */
  passed: (what: RegExp) => number
  close: () => Promise<void>
}

export interface Held {
  /** Resolves when the first one stands there. */
  reached: Promise<void>
  /** Resolves when whoever asked that one is gone. */
  left: Promise<void>
  release: () => void
}

interface Standing {
  what: RegExp
  where: 'before' | 'after'
  stand: (response: ServerResponse) => Promise<void>
}

interface Answer {
  status: number
  headers: IncomingMessage['headers']
  body: Buffer
}

/** `target` is asked anew each time: what stands behind the gate may be another program after a while. */
export async function openGate(target: () => string): Promise<Gate> {
  const standing = new Set<Standing>()
  const through: string[] = []
  const held = (signature: string, where: Standing['where'], response: ServerResponse) =>
    Promise.all(
      [...standing].filter((one) => one.where === where && one.what.test(signature)).map((one) => one.stand(response)),
    )

  const server = createServer((request, response) => void pass(request, response))
  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {})
    try {
      const signature = `${request.method} ${request.url}`
      const body = await bytesOf(request)
      await held(signature, 'before', response)
      // Who asked is gone, and what he asked with him.
      if (response.destroyed) return
      through.push(signature)
      const answer = await forward(`${target()}${request.url}`, request, body)
      await held(signature, 'after', response)
      response.writeHead(answer.status, withoutHops(answer.headers)).end(answer.body)
    } catch {
      response.destroy()
    }
  }
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    hold(what, where) {
      let [release, arrive, leave] = [() => {}, () => {}, () => {}]
      const released = new Promise<void>((done) => (release = done))
      const reached = new Promise<void>((done) => (arrive = done))
      const left = new Promise<void>((done) => (leave = done))
      const one: Standing = {
        what,
        where,
        stand(response) {
          arrive()
          response.once('close', leave)
          return released
        },
      }
      standing.add(one)
      return {
        reached,
        left,
        release() {
          standing.delete(one)
          release()
        },
      }
    },
    passed: (what) => through.filter((signature) => what.test(signature)).length,
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** A connection for each: a kept one could lead to a program that has just been killed. */
const forward = (url: string, { method, headers }: IncomingMessage, body: Buffer) =>
  new Promise<Answer>((resolve, reject) => {
    const asked = send(url, {
      method,
      headers: { ...withoutHops(headers), 'content-length': body.length },
      agent: false,
    })
    asked.once('error', reject)
    asked.once('response', (answer) => {
      bytesOf(answer).then(
        (said) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: said }),
        reject,
      )
    })
    asked.end(body)
  })

function withoutHops({ connection, 'keep-alive': kept, 'transfer-encoding': coding, ...headers }: Answer['headers']) {
  return headers
}
