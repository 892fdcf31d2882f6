import { sql } from 'drizzle-orm'
import { sqlNow } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { scheduleRunTasks, serverSchedules } from '#server/database/schema'
import { logger } from '#server/logger'
import { attempt } from './attempt'
import { claimDue } from './claim-due'
import { inBatches } from './in-batches'
import type { Outcome } from './outcome'
import { settleTasks, type SettledTask } from './settle-tasks'
import { beginTasks, takeTasks, type TakenTask } from './take-tasks'

/** Tasks that one process carries out at once, and of one node; a node that hangs must leave room for the others. */
const MOST = 96
const MOST_OF_NODE = 32
const MOST_TAKEN = 32

/** What others add, on this or another process, is seen this late at the latest. */
const LOOK_AGAIN_MS = 10_000
const SHORTEST_MS = 25
const AFTER_TROUBLE_MS = 2_000
/** Sooner than anybody takes a task for interrupted. */
const SETTLED_WITHIN_MS = 4 * 60_000
const STOP_WITHIN_MS = 5_000

const NOT_READY: Outcome = { status: 'failed', reason: 'server_not_ready', detail: null, goesOn: false }

/**
 * What takes schedules up in this process. All it goes by is in the database: any number of processes have one, none leads,
 * and what one leaves behind another finds.
 */
export function createRunner() {
  const underWay = new Map<string, number>()
  const running = new Set<Promise<void>>()
  const ending = new AbortController()
  let wake = () => {}
  /** Something happened since the last look. */
  let isAwake = false

  const begin = inBatches(MOST_TAKEN, async (tasks: TakenTask[]) => {
    const begun = new Map((await beginTasks(tasks)).map((one) => [keyOf(one), one]))
    return (task) => begun.get(keyOf(task))
  })
  const settle = inBatches(MOST_TAKEN, async (tasks: SettledTask[]) => {
    const goesOn = await settleTasks(tasks)
    return () => goesOn
  })

  const count = (nodeId: string, by: number) => underWay.set(nodeId, (underWay.get(nodeId) ?? 0) + by)

  async function run(task: TakenTask): Promise<void> {
    try {
      const begun = await begin(task)
      if (!begun) return
      const { status, reason, detail, goesOn } = begun.isReady ? await attempt(task) : NOT_READY
      const settled = { runId: task.runId, sequenceId: task.sequenceId, status, reason, detail, goesOn }
      await settleWhenAnswered(settled)
    } catch (error) {
      // What was begun is found by `settleInterrupted`, what was not by whoever looks next.
      logger.error({ err: error }, 'a task of a schedule could not be settled')
    }
  }

  /** A database that is away for a while is no reason to call a task interrupted that is known to be done. */
  async function settleWhenAnswered(settled: SettledTask): Promise<void> {
    const deadline = Date.now() + SETTLED_WITHIN_MS
    for (let pauseMs = 0; ; pauseMs = AFTER_TROUBLE_MS) {
      if (pauseMs > 0) await pause(pauseMs)
      try {
        await settle(settled)
        return
      } catch (error) {
        if (ending.signal.aborted || Date.now() > deadline) throw error
      }
    }
  }

  function start(task: TakenTask): void {
    count(task.node.id, 1)
    const work = run(task).finally(() => {
      count(task.node.id, -1)
      running.delete(work)
      rouse()
    })
    running.add(work)
  }

  /** Begins what is due and takes up what is ready, as much as fits. Answers whether there was anything. */
  async function look(): Promise<boolean> {
    const { taken } = await claimDue()
    const room = Math.min(MOST_TAKEN, MOST - running.size)
    if (room <= 0) return false
    const busy = [...underWay].filter(([, tasks]) => tasks >= MOST_OF_NODE).map(([nodeId]) => nodeId)
    const tasks = await takeTasks(room, busy)
    tasks.forEach(start)
    return taken > 0 || tasks.length > 0
  }

  function rouse(): void {
    isAwake = true
    wake()
  }

  async function sleep(ms: number): Promise<void> {
    if (isAwake || ending.signal.aborted) return
    await new Promise<void>((done) => {
      const timer = setTimeout(done, ms)
      timer.unref()
      wake = () => {
        clearTimeout(timer)
        done()
      }
    })
  }

  async function loop(): Promise<void> {
    while (!ending.signal.aborted) {
      let pauseMs = AFTER_TROUBLE_MS
      try {
        isAwake = false
        while (!ending.signal.aborted && (await look()));
        pauseMs = await untilNextMs()
      } catch (error) {
        logger.warn({ err: error }, 'schedules could not be looked at')
      }
      await sleep(pauseMs)
    }
  }

  return {
    start: (): void => void loop(),
    rouse,
    /** Takes up nothing more, and lets end what was begun, as long as that does not take long. */
    async stop(): Promise<void> {
      ending.abort()
      wake()
      await Promise.race([Promise.all(running), new Promise((done) => setTimeout(done, STOP_WITHIN_MS).unref())])
    },
    /** Everything that is due now, once, until it has settled. */
    async drain(): Promise<void> {
      while ((await look()) || running.size > 0) await Promise.all(running)
    },
  }
}

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms).unref())

const keyOf = ({ runId, sequenceId }: { runId: string; sequenceId: number }) => `${runId} ${sequenceId}`

/** By the clock of the database, which says what is due. What is due and held up, by a server that is suspended, is not waited for. */
async function untilNextMs(): Promise<number> {
  const { rows } = await useDrizzle().execute<{ ms: number | null }>(sql`
    select extract(epoch from least(
             (select min(next_run_at) from ${serverSchedules} where enabled and next_run_at > ${sqlNow}),
             (select min(ready_at) from ${scheduleRunTasks} where status = 'waiting' and ready_at > ${sqlNow})
           ) - ${sqlNow})::float8 * 1000 as ms`)
  return Math.max(SHORTEST_MS, Math.min(LOOK_AGAIN_MS, rows[0]?.ms ?? LOOK_AGAIN_MS))
}

let started: ReturnType<typeof createRunner> | undefined

/** Lets this process take up schedules. Returns how to stop. */
export function startRunner(): () => Promise<void> {
  const runner = createRunner()
  started = runner
  runner.start()
  return () => runner.stop()
}

/** Has this process look at once, where something was made ready. */
export const wakeRunner = (): void => started?.rouse()
