import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Server } from 'node:http'
import type { Socket } from 'node:net'
import { defineNitroPlugin } from 'nitropack/runtime'
import { refuseBroken } from '#server/http/broken-requests'

const CONNECTIONS = 'net.server.socket'

/** The server is begun after the plugins, and shown to nobody: the first connection tells which it is. */
export default defineNitroPlugin(() => {
  function meetServer(message: unknown): void {
    const { server } = (message as { socket: Socket & { server?: unknown } }).socket
    if (!(server instanceof Server)) return
    unsubscribe(CONNECTIONS, meetServer)
    server.on('clientError', (error, socket) => refuseBroken(error, socket as Socket))
  }
  subscribe(CONNECTIONS, meetServer)
})
