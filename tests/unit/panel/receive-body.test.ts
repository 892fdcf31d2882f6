import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { BODY_MAX_BYTES, receiveBody } from '#server/http/receive-body'

afterEach(() => vi.useRealTimers())

const arrange = () => {
  const stream = new PassThrough()
  return { stream, request: stream as unknown as IncomingMessage }
}

describe('a body on its way', () => {
  it('is put together from its pieces', async () => {
    const { stream, request } = arrange()
    const body = receiveBody(request)
    stream.write('{"a":')
    stream.end('1}')
    expect(String(await body)).toBe('{"a":1}')
  })

  it('is nothing where nothing was sent', async () => {
    const { stream, request } = arrange()
    stream.end()
    expect(await receiveBody(request)).toHaveLength(0)
  })

  it.each([
    ['breaks off', (stream: PassThrough) => stream.destroy()],
    ['is reset', (stream: PassThrough) => stream.destroy(new Error('aborted'))],
  ])('that %s is refused at once', async (_, breakOff) => {
    const { stream, request } = arrange()
    const body = receiveBody(request)
    stream.write('{"a":')
    breakOff(stream)
    await expect(body).rejects.toMatchObject({ code: 'request.malformed' })
  })

  it('that broke off before anybody listened is refused all the same', async () => {
    const { stream, request } = arrange()
    stream.destroy()
    await new Promise((done) => setImmediate(done))
    await expect(receiveBody(request)).rejects.toMatchObject({ code: 'request.malformed' })
  })

  it('that falls silent for half a minute is refused; one that only takes its time is not', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const [slow, silent] = [arrange(), arrange()]
    const [taken, refused] = [receiveBody(slow.request), receiveBody(silent.request)]
    const refusal = expect(refused).rejects.toMatchObject({ code: 'request.malformed' })
    silent.stream.write('{')
    slow.stream.write('1')
    await new Promise((done) => setImmediate(done))
    vi.advanceTimersByTime(20_000)
    slow.stream.write('2')
    await new Promise((done) => setImmediate(done))
    vi.advanceTimersByTime(20_000)
    await refusal
    slow.stream.end('3')
    expect(String(await taken)).toBe('123')
  })

  it('is read no further than the panel takes', async () => {
    const { stream, request } = arrange()
    const body = receiveBody(request)
    stream.write(Buffer.alloc(BODY_MAX_BYTES))
    stream.write('x')
    await expect(body).rejects.toMatchObject({ code: 'request.too_large' })
    expect(stream.listenerCount('data')).toBe(0)
  })
})
