import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { connect } from '#server/database/connect'
import { findRunningDatabase, startDatabase } from '#server/database/embedded'
import { chooseAccount } from '#server/database/embedded/account'
import { findBinaries } from '#server/database/embedded/binaries'
import { CLUSTER_USER, createCluster, startCluster } from '#server/database/embedded/cluster'
import { findPostmaster } from '#server/database/embedded/postmaster'

const dataFolder = mkdtempSync(join(tmpdir(), 'xyra-embedded-'))
afterAll(() => rmSync(dataFolder, { recursive: true, force: true }))

describe('a database of the panel', () => {
  it('is started once, however many ask at the same moment', async () => {
    const started = await Promise.all([1, 2, 3, 4].map(() => startDatabase({ dataFolder })))

    expect(started.filter(({ isOwned }) => isOwned)).toHaveLength(1)
    expect(new Set(started.map(({ url }) => url)).size).toBe(1)
    expect(await findRunningDatabase({ dataFolder })).toBe(started[0]?.url)

    const client = await connect(started[0]?.url ?? '')
    const { rows } = await client.query('show timezone')
    await client.end()
    expect(rows).toEqual([{ TimeZone: 'UTC' }])

    await Promise.all(started.map(({ stop }) => stop()))
    expect(await findRunningDatabase({ dataFolder })).toBeUndefined()
  })

  it('keeps what it was given', async () => {
    const first = await startDatabase({ dataFolder })
    const client = await connect(first.url)
    await client.query('create table kept (is_there boolean)')
    await client.end()
    first.stopSync()

    const second = await startDatabase({ dataFolder })
    const again = await connect(second.url)
    expect((await again.query("select to_regclass('kept')::text as kept")).rows).toEqual([{ kept: 'kept' }])
    await again.end()
    await second.stop()
  })

  it.each(['SIGKILL', 'SIGINT'] as const)('is back at its address after a %s that nobody here sent', async (signal) => {
    const said: string[] = []
    const { url, stop } = await startDatabase({ dataFolder, onRevival: (sentence) => said.push(sentence) })
    const postmaster = () => findPostmaster(join(dataFolder, `postgres-${findBinaries().major}`))
    const before = postmaster()?.pid ?? 0
    process.kill(before, signal)
    await expect.poll(() => postmaster()?.pid ?? before, { timeout: 20_000 }).not.toBe(before)
    await expect.poll(() => postmaster()?.isReady, { timeout: 20_000 }).toBe(true)
    const client = await connect(url)
    await client.end()
    expect(said).toEqual([expect.stringContaining('started again')])

    await stop()
    expect(await findRunningDatabase({ dataFolder })).toBeUndefined()
  })

  it('touches no folder that is not its own', async () => {
    const strange = mkdtempSync(join(tmpdir(), 'xyra-strange-'))
    const { url, stop } = await startDatabase({ dataFolder: strange })
    await stop()
    expect(url).toContain('postgres://')
    const cluster = join(strange, 'postgres-18')
    rmSync(cluster, { recursive: true })
    mkdirSync(cluster)
    writeFileSync(join(cluster, 'letters.txt'), 'mine')

    await expect(startDatabase({ dataFolder: strange })).rejects.toThrow(/holds no PostgreSQL data/)
    expect(existsSync(join(cluster, 'letters.txt'))).toBe(true)
    rmSync(strange, { recursive: true })
  })

  // As after a clone below /root, where nobody but root comes through.
  it.runIf(process.geteuid?.() === 0)('runs from a folder that is closed to the account it runs under', async () => {
    const closed = mkdtempSync(join(tmpdir(), 'xyra-closed-'))
    const { postgres, major } = findBinaries()
    cpSync(join(dirname(postgres), '..'), closed, { recursive: true })
    const binaries = { postgres: join(closed, 'bin', 'postgres'), initdb: join(closed, 'bin', 'initdb'), major }
    const cluster = join(closed, 'data')
    mkdirSync(cluster)

    const account = chooseAccount(binaries, cluster)
    await createCluster({ binaries, account, dataFolder: cluster, password: 'secret', isEphemeral: true })
    const logFile = join(closed, 'log')
    const { child, port } = await startCluster({ binaries, account, dataFolder: cluster, logFile, settings: {} })
    const client = await connect(`postgres://${CLUSTER_USER}:secret@127.0.0.1:${port}/postgres`)
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    await client.end()

    const ended = once(child, 'exit')
    child.kill('SIGINT')
    await ended
    rmSync(closed, { recursive: true })
  })

  it('is none where one is named', async () => {
    const database = await startDatabase({ url: 'postgres://elsewhere/panel' })

    expect(database).toMatchObject({ kind: 'external', isOwned: false, url: 'postgres://elsewhere/panel' })
  })
})
