/** What a console is carried by: a socket straight to the node, or one through the panel. */
export interface ConsoleTransport {
  send: (text: string) => void
  close: () => void
}

export interface ConsoleTransportEvents {
  onOpen: () => void
  onMessage: (text: string) => void
  /** `code` as a websocket closes. */
  onClose: (code: number) => void
}

export type OpenConsoleTransport = (url: string, events: ConsoleTransportEvents) => ConsoleTransport

/** Straight to the node. */
export const openWebSocket: OpenConsoleTransport = (url, { onOpen, onMessage, onClose }) => {
  const socket = new WebSocket(url)
  socket.onopen = onOpen
  socket.onmessage = ({ data }) => typeof data === 'string' && onMessage(data)
  socket.onclose = ({ code }) => onClose(code)
  return {
    send: (text) => socket.readyState === WebSocket.OPEN && socket.send(text),
    close: () => {
      socket.onclose = null
      socket.close()
    },
  }
}
