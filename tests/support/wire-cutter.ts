import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** Between the panel and a database host, both of which speak in clear: the line breaks when a statement passes. */
export interface WireCutter {
  port: number
  /** Once: before the host hears the statement, or after it has done it and before the panel hears of that. */
  cut: (statement: RegExp, when: 'before' | 'after') => void
  /** What happens when the line is cut, such as the end of the host. */
  onCut: (act: () => void) => void
  close: () => Promise<void>
}

export async function openWireCutter(target: { port: number }): Promise<WireCutter> {
  const open = new Set<Socket>()
  let cutting: { statement: RegExp; when: 'before' | 'after' } | undefined
  let act: () => void = () => {}

  const server = createServer((panel) => {
    const host = connect(target.port, '127.0.0.1')
    const both = [panel, host]
    for (const socket of both) {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        open.delete(socket)
        for (const other of both) other.destroy()
      })
    }
    const end = () => {
      cutting = undefined
      act()
      for (const socket of both) socket.destroy()
    }
    let isDoing = false
    panel.on('data', (bytes) => {
      if (cutting?.statement.test(bytes.toString('latin1'))) {
        if (cutting.when === 'before') return end()
        isDoing = true
      }
      host.write(bytes)
    })
    host.on('data', (bytes) => {
      if (isDoing) return end()
      panel.write(bytes)
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))

  return {
    port: (server.address() as AddressInfo).port,
    cut(statement, when) {
      cutting = { statement, when }
    },
    onCut(next) {
      act = next
    },
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise((done) => server.close(done))
    },
  }
}
