import { createServer, type AddressInfo } from 'node:net'
import { expect, it, onTestFinished, vi } from 'vitest'
import { isDatabaseAway } from '#server/database/away'
import { usePool } from '#server/database/client'
import { makeReader } from '#server/database/reader'
import { useEnv } from '#server/env'
import { openWireCutter } from '../../support/wire-cutter'

const url = () => useEnv().DATABASE_URL

function open(to = url(), withinMs?: number) {
  const reader = makeReader(to, withinMs)
  onTestFinished(() => reader.end())
  return (name: string, text: string, values: unknown[] = []) =>
    reader.query({ name, text, values, rowMode: 'array' }).then(({ rows }) => rows[0]?.[0])
}

const awayIn = (one: PromiseSettledResult<unknown>) => one.status === 'rejected' && isDatabaseAway(one.reason)

/** The same database at another port. */
function at(port: number): string {
  const elsewhere = new URL(url())
  elsewhere.port = String(port)
  return elsewhere.href
}

it('asks everything over one connection, and gives each its own answer', async () => {
  const read = open()
  const asked = Array.from({ length: 200 }, (_, index) => index)

  // Those that come before there is a connection, too.
  const pids = await Promise.all(asked.map(() => read('pid', 'select pg_backend_pid()')))
  const echoes = await Promise.all(asked.map((index) => read(`echo_${index % 3}`, 'select $1::int', [index])))

  expect(echoes).toEqual(asked)
  expect(new Set(pids).size).toBe(1)
})

it('reads times as the pool does', async () => {
  expect(await open()('moment', "select timestamp '2026-07-01 22:30:00.123'")).toBe('2026-07-01T22:30:00.123Z')
})

it('lets fail only what fails, also where it was never prepared', async () => {
  const read = open()
  const halves = Array.from({ length: 9 }, (_, index) => read('half', 'select 4 / $1::int', [index % 3]))
  const nowhere = [1, 2].map(() => read('nowhere', 'select 1 from nowhere'))

  const told = await Promise.allSettled([...halves, ...nowhere, read('last', 'select 7')])

  const fulfilled = told.map((one) => (one.status === 'fulfilled' ? one.value : null))
  expect(fulfilled).toEqual([null, 4, 2, null, 4, 2, null, 4, 2, null, null, 7])
  expect(await read('half', 'select 4 / $1::int', [4])).toBe(1)
})

it('replaces a connection that the database ends', async () => {
  const read = open()
  const pid = await read('pid', 'select pg_backend_pid()')
  const long = [read('long', 'select pg_sleep(20)'), read('pid', 'select pg_backend_pid()')]

  const [ended] = await Promise.all([
    Promise.allSettled(long),
    usePool().query('select pg_terminate_backend($1)', [pid]),
  ])

  expect(ended.map(awayIn)).toEqual([true, true])
  expect(await read('pid', 'select pg_backend_pid()')).not.toBe(pid)
})

it('replaces a connection that breaks', async () => {
  const wire = await openWireCutter({ port: Number(new URL(url()).port) })
  onTestFinished(() => wire.close())
  const read = open(at(wire.port))
  await read('before', 'select 1')
  wire.cut(/cut here/, 'before')

  await expect(read('cut', "select 'cut here'")).rejects.toSatisfy(isDatabaseAway)
  expect(await read('after', 'select 2')).toBe(2)
})

it('says that nothing listens to everybody who waits, and asks again the next time', async () => {
  const held = createServer()
  await new Promise<void>((done) => held.listen(0, '127.0.0.1', done))
  const { port } = held.address() as AddressInfo
  await new Promise((done) => held.close(done))
  const read = open(at(port))

  const refused = await Promise.allSettled([read('one', 'select 1'), read('two', 'select 2')])
  for (const one of refused) expect(one).toMatchObject({ status: 'rejected', reason: { code: 'ECONNREFUSED' } })
  expect(refused.map(awayIn)).toEqual([true, true])

  const now = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1')
  onTestFinished(() => void now.close())
  await expect(read('one', 'select 1')).rejects.toSatisfy(isDatabaseAway)
})

it('waits neither for a database that never answers, nor behind a read that hangs', async () => {
  const silent = createServer(() => {})
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done))
  onTestFinished(() => void silent.close())
  const unheard = open(at((silent.address() as AddressInfo).port), 200)
  await expect(unheard('one', 'select 1')).rejects.toSatisfy(isDatabaseAway)

  const read = open(url(), 200)
  await read('ready', 'select 1')
  const behind = await Promise.allSettled([read('hung', 'select pg_sleep(20)'), read('next', 'select 2')])
  expect(behind.map(awayIn)).toEqual([true, true])
  await vi.waitFor(async () => expect(await read('next', 'select 2')).toBe(2))
})

it('reads nothing once it was ended', async () => {
  const reader = makeReader(url())
  const read = () => reader.query({ name: 'one', text: 'select 1', values: [], rowMode: 'array' })
  await read()
  await reader.end()
  await expect(read()).rejects.toThrow('The reader was ended.')
})

it('leaves no connection behind where it is ended while that is still being made', async () => {
  const named = new URL(url())
  named.searchParams.set('application_name', 'ended early')
  const reader = makeReader(named.href)
  const read = reader.query({ name: 'one', text: 'select 1', values: [], rowMode: 'array' })
  await Promise.allSettled([reader.end(), read])
  const count = "select count(*)::int as left from pg_stat_activity where application_name = 'ended early'"
  await vi.waitFor(async () => expect((await usePool().query(count)).rows).toEqual([{ left: 0 }]))
})
