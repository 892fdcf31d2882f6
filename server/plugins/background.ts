import { defineNitroPlugin } from 'nitropack/runtime'
import { version } from '../../package.json'
import { onTopic, startListening } from '#server/events/listen'
import { useEnv } from '#server/env'
import { endStreams } from '#server/http/define-stream'
import { closeQueue } from '#server/jobs/queue'
import { startJobs } from '#server/jobs/start-jobs'
import { logger } from '#server/logger'
import { noteDenial } from '#server/services/access/denials'
import { startSampling } from '#server/services/nodes/metrics/sampler'
import { announceProcess, withdrawProcess } from '#server/services/processes/announce-process'
import { forgetSettings, getSettings } from '#server/services/settings/current-settings'
import { startRunner } from '#server/services/schedules/runner'
import { closeDatabase } from '#server/database/client'

const ANNOUNCE_MS = 15_000

/** What a panel process does besides answering: hears the others, takes jobs, says that it lives. */
export default defineNitroPlugin((nitro) => {
  const fail = (what: string) => (error: unknown) => logger.error({ err: error }, what)
  const listening = startListening(useEnv().DATABASE_URL, forgetSettings)
  listening.catch(fail('cannot hear the events of other processes'))
  getSettings().catch(fail('cannot read the settings'))
  onTopic('denial', ({ userId }) => noteDenial(userId))
  startJobs().catch(fail('cannot take jobs'))
  const stopSampling = startSampling()
  const stopRunner = startRunner()

  const announce = () => announceProcess(version).catch(fail('cannot say that this process lives'))
  const timer = setInterval(announce, ANNOUNCE_MS)
  timer.unref()
  void announce()

  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, endStreams)
  nitro.hooks.hook('close', async () => {
    clearInterval(timer)
    stopSampling()
    endStreams()
    await stopRunner()
    await withdrawProcess().catch(() => {})
    await closeQueue().catch(() => {})
    await listening.then((stop) => stop()).catch(() => {})
    await closeDatabase()
  })
})
