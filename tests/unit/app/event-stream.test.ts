import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openEventStream } from '../../../app/utils/event-stream'

class FakeSource extends EventTarget {
  static readonly CLOSED = 2
  static open: FakeSource[] = []
  static all: FakeSource[] = []
  readyState = 1

  constructor() {
    super()
    FakeSource.open.push(this)
    FakeSource.all.push(this)
  }

  say(topic: string, data: unknown) {
    this.dispatchEvent(new MessageEvent(topic, { data: JSON.stringify(data) }))
  }

  close() {
    this.readyState = FakeSource.CLOSED
    FakeSource.open = FakeSource.open.filter((one) => one !== this)
  }
}

function fakeStorage(): Storage {
  const held = new Map<string, string>()
  return {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => void held.set(key, value),
    removeItem: (key: string) => void held.delete(key),
  } as unknown as Storage
}

/** The tabs of one browser, in one process. */
const tabs: (() => void)[] = []
function openTab() {
  const heard: unknown[] = []
  const refused = vi.fn()
  const close = openEventStream({
    url: '/api/client/events',
    hear: (message) => heard.push(message),
    onRefused: refused,
  })
  tabs.push(close)
  return { heard, refused, close }
}

beforeEach(() => {
  FakeSource.open = []
  FakeSource.all = []
  vi.stubGlobal('EventSource', FakeSource)
  vi.stubGlobal('localStorage', fakeStorage())
  vi.stubGlobal('addEventListener', () => undefined)
  vi.stubGlobal('removeEventListener', () => undefined)
})

afterEach(() => {
  for (const close of tabs.splice(0)) close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const hint = { server: '4864a058-9a3b-44a9-a6cf-c1355e89406e', what: 'backups' }

describe.each([
  ['by a lock', true],
  ['by a lease, where the page is not secure', false],
])('one stream for all tabs, %s', (_, hasLocks) => {
  beforeEach(() => {
    if (!hasLocks) vi.stubGlobal('navigator', {})
  })

  it('tells every tab what one hears', async () => {
    const [first, second, third] = [openTab(), openTab(), openTab()]
    await vi.waitFor(() => expect(FakeSource.open).toHaveLength(1))
    FakeSource.open[0]!.say('server', hint)

    for (const { heard } of [first, second, third])
      await vi.waitFor(() => expect(heard).toEqual([{ topic: 'server', data: hint }]))
    expect(FakeSource.all).toHaveLength(1)
  })

  it('hands on when the leading tab closes', async () => {
    const leader = openTab()
    await vi.waitFor(() => expect(FakeSource.open).toHaveLength(1))
    const next = openTab()
    leader.close()

    await vi.waitFor(() => expect(FakeSource.all).toHaveLength(2), { timeout: 5000 })
    expect(FakeSource.open).toHaveLength(1)
    FakeSource.open[0]!.say('server', hint)
    await vi.waitFor(() => expect(next.heard).toContainEqual({ topic: 'server', data: hint }))
    expect(leader.heard).toEqual([])
  })

  it('ends with the last tab', async () => {
    const tab = openTab()
    await vi.waitFor(() => expect(FakeSource.open).toHaveLength(1))
    tab.close()
    await vi.waitFor(() => expect(FakeSource.open).toHaveLength(0))
  })
})

describe('a stream that breaks', () => {
  it('is told of as lost, and as opened when it is back', async () => {
    const tab = openTab()
    await vi.waitFor(() => expect(FakeSource.open).toHaveLength(1))
    const [source] = FakeSource.open
    source!.dispatchEvent(new Event('open'))
    expect(tab.heard).toEqual([{ topic: 'opened', data: {} }])
    source!.readyState = 0
    source!.dispatchEvent(new Event('error'))
    source!.dispatchEvent(new Event('error'))
    source!.readyState = 1
    source!.dispatchEvent(new Event('open'))

    expect(tab.heard.slice(1)).toEqual([
      { topic: 'connection', data: { isLost: true } },
      { topic: 'connection', data: { isLost: false } },
      { topic: 'opened', data: {} },
    ])
    expect(tab.refused).not.toHaveBeenCalled()
  })

  it('that was refused is asked for again, later and later', async () => {
    vi.useFakeTimers()
    vi.stubGlobal('navigator', {})
    const tab = openTab()
    await vi.advanceTimersByTimeAsync(100)
    expect(FakeSource.all).toHaveLength(1)

    for (const [wait, count] of [
      [1000, 2],
      [2000, 3],
      [5000, 4],
    ] as const) {
      const source = FakeSource.all.at(-1)!
      source.readyState = FakeSource.CLOSED
      source.dispatchEvent(new Event('error'))
      await vi.advanceTimersByTimeAsync(wait - 1)
      expect(FakeSource.all).toHaveLength(count - 1)
      await vi.advanceTimersByTimeAsync(1)
      expect(FakeSource.all).toHaveLength(count)
    }
    expect(tab.refused).toHaveBeenCalledTimes(3)
  })
})
