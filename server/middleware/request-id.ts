import { defineEventHandler, setResponseHeader } from 'h3'
import { requestIdOf } from '#server/http/reply'

export default defineEventHandler((event) => {
  if (event.path.startsWith('/api/')) setResponseHeader(event, 'x-request-id', requestIdOf(event))
})
