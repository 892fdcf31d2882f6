import { asc, isNotNull, sql } from 'drizzle-orm'
import type pg from 'pg'
import { createLock } from '#server/database/advisory-lock'
import { useDrizzle } from '#server/database/client'
import { wingsNodes } from '#server/database/schema'
import { isHearing, onTopic } from '#server/events/listen'
import { logger } from '#server/logger'
import { readSample, threadsOf, type Counters, type Sample, type SampledNode } from './read-sample'
import { storeSamples } from './store-samples'
import { SAMPLE_SECONDS } from './windows'

/** Of the locks that hold for a whole database, this one. */
const LOCK = 7_401_332_010

/** Whoever answers within it is written together with the others of his second; who is slower, by himself. */
const TOGETHER_MS = 1_500

/** Nodes are read when one of them is told to be another, and now and then all the same. */
const RELOAD_SECONDS = 60

/**
 * Samples what every node uses, each once in ten seconds, from the one process that holds a lock of the database. A second
 * has a tenth of the nodes: many of them are no burst. Nobody waits for a silent one, and the next second does not either.
 */
export function createSampler() {
  const lock = createLock(LOCK)
  let nodes: SampledNode[] = []
  let isReady = false
  let staleAtSecond = 0
  let leading: Promise<pg.Client | undefined> | undefined
  let writing: Promise<void> = Promise.resolve()
  const counters = new Map<string, Counters>()
  /** A node whose answer is still outstanding is not asked again. */
  const asked = new Set<string>()
  const deafen = [
    onTopic('node', ({ what }) => what !== 'allocations' && (staleAtSecond = 0)),
    onTopic('administration', ({ what }) => what === 'nodes' && (staleAtSecond = 0)),
  ]

  /** The connection through which the holder writes; undefined where another process holds the lock. */
  function lead(): Promise<pg.Client | undefined> {
    if (!lock.isHeld()) {
      // What the last holder knew of counters is not known here.
      counters.clear()
      isReady = false
    }
    return (leading ??= lock.take().finally(() => (leading = undefined)))
  }

  async function loadNodes(second: number): Promise<void> {
    // Before it is read: what is told meanwhile counts.
    staleAtSecond = isHearing() ? second + RELOAD_SECONDS : 0
    const { id, baseUrl, apiToken, tokenSecret, allowInsecure, flavour, system } = wingsNodes
    const rows = await useDrizzle()
      .select({ id, baseUrl, apiToken, tokenSecret, allowInsecure, flavour, system })
      .from(wingsNodes)
      .where(isNotNull(wingsNodes.lastSeenAt))
      .orderBy(asc(sql`${wingsNodes.id}::bigint`))
    nodes = rows.map((row) => ({ ...row, threads: threadsOf(row) }))
    const known = new Set(nodes.map(({ id: one }) => one))
    for (const one of counters.keys()) if (!known.has(one)) counters.delete(one)
    isReady = true
  }

  async function read(node: SampledNode): Promise<Sample | undefined> {
    if (asked.has(node.id)) return undefined
    asked.add(node.id)
    try {
      const { sample, counters: now } = await readSample(node, counters.get(node.id))
      if (now) counters.set(node.id, now)
      else counters.delete(node.id)
      return sample
    } finally {
      asked.delete(node.id)
    }
  }

  /** Through one connection goes one statement at a time. */
  function write(holder: pg.Client, second: number, samples: readonly Sample[]): Promise<void> {
    return (writing = writing.then(async () => {
      if (!lock.isHeld()) return
      try {
        await storeSamples(holder, second, samples)
      } catch (error) {
        logger.warn({ err: error }, 'what nodes use could not be written down; another process may do it now')
        lock.release()
      }
    }))
  }

  /** The nodes of this second. Resolves when those that answer soon are written; slower ones write themselves. */
  async function sample(second: number): Promise<void> {
    const slice = second % SAMPLE_SECONDS
    if (!lock.isHeld() && slice !== 0 && isReady) return
    const holder = await lead()
    if (!holder) return void (isReady = true)
    if (!isReady || (slice === 0 && second >= staleAtSecond)) await loadNodes(second)

    const soon: Sample[] = []
    let isWritten = false
    const answers = nodes
      .filter((_, index) => index % SAMPLE_SECONDS === slice)
      .map(async (node) => {
        const found = await read(node).catch(() => undefined)
        if (!found) return
        if (isWritten) await write(holder, second, [found])
        else soon.push(found)
      })
    await Promise.race([Promise.all(answers), passing(TOGETHER_MS)])
    isWritten = true
    await write(holder, second, soon)
  }

  return {
    sample,
    isLeading: lock.isHeld,
    stop(): void {
      for (const stopHearing of deafen) stopHearing()
      lock.release()
    },
  }
}

/** Follows the clock until told to stop; seconds that a busy process missed are made up for, but not for long. */
export function startSampling(): () => void {
  const sampler = createSampler()
  const secondOf = (ms: number) => Math.floor(ms / 1000)
  let last = secondOf(Date.now())
  let timer: NodeJS.Timeout | undefined

  function follow(): void {
    const current = secondOf(Date.now())
    for (let second = Math.max(last + 1, current - SAMPLE_SECONDS + 1); second <= current; second++)
      sampler.sample(second).catch((error: unknown) => logger.warn({ err: error }, 'nodes could not be sampled'))
    last = Math.max(last, current)
    timer = setTimeout(follow, 1000 - (Date.now() % 1000))
    timer.unref()
  }
  follow()

  return () => {
    clearTimeout(timer)
    sampler.stop()
  }
}

const passing = (ms: number) => new Promise<void>((done) => setTimeout(done, ms).unref())
