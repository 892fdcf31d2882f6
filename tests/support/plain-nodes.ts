import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'

/** A node reduced to what one test needs of it: an answer, or none. Used with `await using`. */
export interface PlainNode extends AsyncDisposable {
  baseUrl: string
  /** `GET /api/servers`, in the order in which they came. */
  asked: string[]
}

/** Answers every call as it is told. */
export async function startPlainNode(answer: RequestListener): Promise<PlainNode> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    answer(request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))

  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

/** Takes every connection and says nothing. */
export async function startHungNode(): Promise<PlainNode & { connections: ReadonlySet<Socket> }> {
  const connections = new Set<Socket>()
  const server = createTcpServer((socket) => {
    connections.add(socket)
    // Unread, a socket does not notice that the other side left.
    socket
      .on('close', () => connections.delete(socket))
      .on('error', () => {})
      .resume()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))

  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    connections,
    async [Symbol.asyncDispose]() {
      for (const socket of connections) socket.destroy()
      await new Promise((done) => server.close(done))
    },
  }
}

/** A server as `GET /api/servers` prints it. */
export const printedServer = (uuid: string, { state = 'running', memoryBytes = 1024 } = {}) => ({
  state,
  is_suspended: false,
  utilization: {
    memory_bytes: memoryBytes,
    memory_limit_bytes: 4096,
    cpu_absolute: 12.5,
    network: { rx_bytes: 3, tx_bytes: 4 },
    uptime: 60_000,
    state,
    disk_bytes: 2048,
  },
  configuration: { uuid },
})
