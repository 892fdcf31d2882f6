import { readdirSync, readFileSync } from 'node:fs'
import autocannon from 'autocannon'
import type pg from 'pg'

/** Ticks of `/proc/<pid>/stat`: a hundred a second on Linux. */
const TICK_MS = 10

/** CPU time of a process so far, ms. */
export function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop()?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

/** CPU time of the threads that hash passwords (and read files), ms: what is beside the work of a request itself. */
export function poolCpuOf(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .filter((thread) => readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8').startsWith('libuv-worker'))
    .reduce((sum, thread) => {
      const fields = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8').split(') ').pop()?.split(' ') ?? []
      return sum + (Number(fields[11]) + Number(fields[12])) * TICK_MS
    }, 0)
}

/** CPU time of all processes of a PostgreSQL, by the pid of its postmaster; those that ended are in the parent's account. */
export function databaseCpuOf(postmaster: number): number {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === postmaster)
  const ended = readFileSync(`/proc/${postmaster}/stat`, 'utf8').split(') ').pop()?.split(' ') ?? []
  return children.reduce(
    (sum, pid) => sum + safeCpu(Number(pid)),
    cpuOf(postmaster) + (Number(ended[13]) + Number(ended[14])) * TICK_MS,
  )
}

function parentOf(pid: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop()?.split(' ')[1])
  } catch {
    return 0
  }
}

const safeCpu = (pid: number): number => {
  try {
    return cpuOf(pid)
  } catch {
    return 0
  }
}

/** Resident memory, MiB. */
export const memoryOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

export interface Case {
  name: string
  path: string | (() => string)
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string | (() => string)
  connections?: number
  /** Left out: as long as `seconds`. */
  amount?: number
}

export interface Figures {
  name: string
  perSecond: number
  p50Ms: number
  p97Ms: number
  p99Ms: number
  serverCpuMs: number
  /** Without the threads that hash. */
  besideHashingMs: number
  databaseCpuMs: number
  statements: number
  peakMib: number
  failed: number
}

export interface Measured {
  url: string
  serverPid: number
  postmasterPid: number
  database: pg.Client
}

const countStatements = async (database: pg.Client): Promise<number> =>
  Number(
    (
      await database.query<{ calls: string }>(
        `select coalesce(sum(calls), 0) as calls from pg_stat_statements where query !~* 'pg_stat_statements|pgboss'`,
      )
    ).rows[0]?.calls ?? 0,
  )

const said = (given: string | (() => string)) => (typeof given === 'function' ? given() : given)

/** Runs a case against a panel and reckons what one request costs. */
export async function measure(
  { url, serverPid, postmasterPid, database }: Measured,
  one: Case,
  seconds: number,
): Promise<Figures> {
  const { name, method = 'GET', headers = {}, body, connections = 50, amount } = one
  const path = () => said(one.path)
  let peakMib = 0
  const watch = setInterval(() => (peakMib = Math.max(peakMib, memoryOf(serverPid))), 100)

  const before = {
    server: cpuOf(serverPid),
    pool: poolCpuOf(serverPid),
    database: databaseCpuOf(postmasterPid),
    statements: await countStatements(database),
  }
  const run = await autocannon({
    url,
    connections,
    ...(amount === undefined ? { duration: seconds } : { amount }),
    requests: [
      {
        method,
        path: path(),
        headers,
        setupRequest: (request) => ({ ...request, path: path(), ...(body !== undefined && { body: said(body) }) }),
      },
    ],
  })
  clearInterval(watch)
  const after = {
    server: cpuOf(serverPid),
    pool: poolCpuOf(serverPid),
    database: databaseCpuOf(postmasterPid),
    statements: await countStatements(database),
  }

  const requests = Math.max(1, run.requests.total)
  const each = (total: number) => Math.round((total / requests) * 1000) / 1000
  return {
    name,
    perSecond: Math.round(run.requests.average),
    p50Ms: run.latency.p50,
    p97Ms: run.latency.p97_5,
    p99Ms: run.latency.p99,
    serverCpuMs: each(after.server - before.server),
    besideHashingMs: each(after.server - before.server - (after.pool - before.pool)),
    databaseCpuMs: each(after.database - before.database),
    statements: Math.round(each(after.statements - before.statements) * 100) / 100,
    peakMib: Math.round(peakMib),
    failed: run.non2xx + run.errors,
  }
}
