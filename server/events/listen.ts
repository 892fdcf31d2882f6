import pg from 'pg'
import { logger } from '#server/logger'
import { CHANNEL } from './notify.ts'
import type { Topic, Topics } from './topics.ts'

type Listener<Name extends Topic> = (told: Topics[Name]) => void

const listeners = new Map<Topic, Set<Listener<never>>>()

/** Hears a topic in this process, whoever told it. Returns how to stop. */
export function onTopic<Name extends Topic>(topic: Name, listener: Listener<Name>): () => void {
  const all = listeners.get(topic) ?? new Set()
  listeners.set(topic, all)
  all.add(listener)
  return () => all.delete(listener)
}

let hearing = false

/** Whether what others tell reaches this process now: without that nothing may be kept in memory until it is told. */
export const isHearing = (): boolean => hearing

function tell(payload: string): void {
  const { topic, told } = JSON.parse(payload) as { topic: Topic; told: never }
  if (topic !== 'servers') return hand(topic, told)
  const { serverIds, what }: Topics['servers'] = told
  for (const serverId of serverIds) hand('server', { serverId, what })
}

function hand<Name extends Topic>(topic: Name, told: Topics[Name]): void {
  for (const listener of listeners.get(topic) ?? []) listener(told as never)
}

const RETRY_MS = 1000

/**
 * Listens with a connection of its own until told to stop, and comes back when the database was away. What was told
 * meanwhile is lost, so `onReturn` is called each time: whatever was kept in memory may be old.
 */
export async function startListening(databaseUrl: string, onReturn: () => void): Promise<() => Promise<void>> {
  let client: pg.Client | undefined
  let isStopped = false
  let timer: NodeJS.Timeout | undefined

  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: databaseUrl, application_name: 'xyra-events' })
    next.on('notification', ({ payload }) => payload && tell(payload))
    next.on('error', (error) =>
      logger.warn({ code: (error as { code?: string }).code }, 'lost the connection that hears events'),
    )
    next.on('end', () => {
      hearing = false
      retry()
    })
    await next.connect()
    await next.query(`listen ${CHANNEL}`)
    client = next
    hearing = true
  }
  const retry = () => {
    if (isStopped || timer) return
    timer = setTimeout(() => {
      timer = undefined
      connect().then(onReturn, () => retry())
    }, RETRY_MS)
    timer.unref()
  }

  await connect()
  return async () => {
    isStopped = true
    clearTimeout(timer)
    await client?.end()
  }
}
