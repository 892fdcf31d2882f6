import { defineEventHandler, toWebRequest } from 'h3'
import { useAuth } from '#server/auth/auth'
import { isOpen } from '#server/auth/endpoints'
import { findCaller } from '#server/auth/identify'
import { AppError } from '#server/errors'
import { isActing } from '#server/http/acting'
import { clientAddress } from '#server/http/address'
import { panelAddress } from '#server/http/panel-address'
import { replyWithFailure } from '#server/http/reply'

/** Lets through what a provider or an authenticator calls; nothing else of the library answers requests. */
export default defineEventHandler(async (event) => {
  const request = toWebRequest(event)
  const { pathname } = new URL(request.url)
  if (!isOpen(pathname))
    return replyWithFailure(event, new AppError('route.not_found', { values: { path: pathname.replace(/^\/+/, '') } }))

  const caller = await findCaller(event, clientAddress(event))
  // A passkey or a provider that an administrator adds while he acts as somebody would open that account for ever.
  if (caller && isActing(caller.person)) return replyWithFailure(event, new AppError('auth.acting'))

  const headers = new Headers(request.headers)
  headers.set('x-panel-client-ip', clientAddress(event)) // whatever the request brought
  return useAuth(panelAddress(event)).handler(new Request(request, { headers }))
})
