import cluster, { type Worker } from 'node:cluster'
import { resolve } from 'node:path'

const AGAIN_AFTER_MS = 500
const END_WITHIN_MS = 40_000

/**
 * Several processes on one port. Ours, not Nitro's preset for it: that one keeps signals from its workers and loads the
 * whole panel into the first process.
 */
export function runWorkers(file: string, count: number): void {
  let isStopping = false
  cluster.setupPrimary({ exec: resolve(file) })

  const fork = () => {
    cluster.fork().once('exit', () => {
      if (!isStopping) {
        setTimeout(fork, AGAIN_AFTER_MS)
      }
    })
  }
  for (let index = 0; index < count; index++) {
    fork()
  }

  const stop = () => {
    if (isStopping) {
      return
    }
    isStopping = true
    cluster.on('exit', leaveWhenAlone)
    for (const worker of living()) {
      worker.process.kill('SIGTERM')
    }
    leaveWhenAlone()
    setTimeout(() => process.exit(1), END_WITHIN_MS).unref()
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

const living = (): Worker[] =>
  Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined && !worker.isDead()) as Worker[]

function leaveWhenAlone(): void {
  if (living().length === 0) {
    process.exit(0)
  }
}
