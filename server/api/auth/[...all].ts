import { defineEventHandler, toWebRequest } from 'h3'
import { useAuth } from '#server/auth/auth'
import { isOpen } from '#server/auth/endpoints'
import { AppError } from '#server/errors'
import { clientAddress } from '#server/http/address'
import { panelAddress } from '#server/http/panel-address'
import { replyWithFailure } from '#server/http/reply'

/** Lets through what a provider or an authenticator calls; nothing else of the library answers requests. */
export default defineEventHandler((event) => {
  const request = toWebRequest(event)
  const { pathname } = new URL(request.url)
  if (!isOpen(pathname))
    return replyWithFailure(event, new AppError('route.not_found', { values: { path: pathname.replace(/^\/+/, '') } }))

  const headers = new Headers(request.headers)
  headers.set('x-panel-client-ip', clientAddress(event)) // whatever the request brought
  return useAuth(panelAddress(event)).handler(new Request(request, { headers }))
})
