import { bool, list, struct, text } from '../decode.ts'
import { empty, readJson, Refusal } from '../http.ts'
import { readMultipart } from '../multipart.ts'
import { isOfflineWithin, stop } from '../stop.ts'
import { receiveTransfer, sendTransfer } from '../transfers.ts'
import { route, serverRoute, type Route } from './route.ts'

const STOP_WAIT_MS = 15_000

const order = struct({
  url: text,
  token: text,
  server: struct({ uuid: text, start_on_completion: bool }),
  backups: list(text),
})

export const transferRoutes: Route[] = [
  serverRoute('POST /api/servers/:server/transfer', async ({ daemon, server, call }) => {
    const { url, token, server: told, backups } = readJson(call, order)
    if (url === '' || token === '' || told.uuid === '')
      throw new Refusal(400, 'The order of the transfer is incomplete.', { namesRequest: true })
    if (server.isTransferring) throw new Refusal(409, 'The server is being transferred already.')

    server.isTransferring = true
    if (server.state !== 'offline') {
      const waitMs = Math.min(STOP_WAIT_MS, daemon.timing.stopWaitMs)
      daemon.background(`stop of ${server.uuid}`, () => stop(daemon, server))
      if (!(await isOfflineWithin(server, waitMs, daemon.signal))) {
        server.isTransferring = false
        throw new Error('the server did not stop')
      }
    }
    daemon.background(`transfer of ${server.uuid}`, () => sendTransfer(daemon, server, { url, token, backups }))
    return empty(202)
  }),

  serverRoute('DELETE /api/servers/:server/transfer', ({ server }) => {
    if (!server.isTransferring || !server.cancelTransfer) throw new Refusal(409, 'The server is not being transferred.')
    server.tell('transfer status', 'cancelling')
    server.cancelTransfer.abort()
    return empty(202)
  }),

  route(
    'POST /api/transfers',
    async ({ daemon, call }) => {
      const [scheme, token] = (call.headers.authorization ?? '').split(' ', 2)
      if (scheme !== 'Bearer' || !token)
        throw new Refusal(401, 'The call names no bearer token.', { headers: { 'www-authenticate': 'Bearer' } })
      const claims = daemon.tokens.read(token, daemon.secret)
      if (!daemon.tokens.hasScope(claims, 'transfer')) throw new Refusal(403, 'The token is not meant for a transfer.')
      const type = call.headers['content-type'] ?? ''
      await receiveTransfer(daemon, claims.sub ?? '', async () => readMultipart(type, await call.arriving()))
      return empty(200)
    },
    { auth: 'own' },
  ),

  // It panics in both flavours: a transfer is cancelled at its source.
  route('DELETE /api/transfers/:server', () => ({ status: 500 })),
]
