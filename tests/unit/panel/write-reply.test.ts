import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { createEvent } from 'h3'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { writeReply } from '#server/http/reply'
import { written } from '#server/serializers/written'

const thing = z.object({ name: z.string(), parts: z.array(z.object({ id: z.number() })).optional() })

function write(answer: unknown) {
  const request = new IncomingMessage(new Socket())
  const event = createEvent(request, new ServerResponse(request))
  return { text: writeReply(event, thing, answer), type: event.node.res.getHeader('content-type') }
}

it('writes what the contract promises, as JSON', () => {
  expect(write({ name: 'x' })).toEqual({ text: '{"name":"x"}', type: 'application/json' })
  expect(write({ name: 'x', parts: written('[{"id":1}]') }).text).toBe('{"name":"x","parts":[{"id":1}]}')
})

it('refuses while testing what it does not name, at any depth and in JSON that was written before', () => {
  const extra = 'The reply has keys that its contract does not name.'
  expect(() => write({ name: 'x', secret: 'canary' })).toThrow(extra)
  expect(() => write({ name: 'x', parts: [{ id: 1, secret: 'canary' }] })).toThrow(extra)
  expect(() => write({ name: 'x', parts: written('[{"id":1,"secret":"canary"}]') })).toThrow(extra)
  expect(() => write({ name: 7 })).toThrow(z.ZodError)
  expect(() => write({ name: 'x', parts: written('[{"id":"1"}]') })).toThrow(z.ZodError)
})
