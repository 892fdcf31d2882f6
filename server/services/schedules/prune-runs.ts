import { sql } from 'drizzle-orm'
import { sqlNow } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { scheduleRuns } from '#server/database/schema'
import { getSettings } from '#server/services/settings/current-settings'

const BATCH = 5000

/** However old they are: what runs once a year has a history, too. */
const NEWEST_KEPT = 50

export async function pruneRuns(): Promise<void> {
  const { scheduleRunDays } = (await getSettings()).retention
  if (scheduleRunDays === 0) return
  for (let gone = BATCH; gone === BATCH;) {
    const { rowCount } = await useDrizzle().execute(sql`
      delete from ${scheduleRuns} where id in (
        select r.id from ${scheduleRuns} r
         where r.started_at < ${sqlNow} - make_interval(days => ${scheduleRunDays}) and r.status <> 'running'
           and r.id < (select n.id from ${scheduleRuns} n where n.schedule_id = r.schedule_id
                        order by n.id desc offset ${NEWEST_KEPT - 1} limit 1)
         order by r.started_at limit ${BATCH})`)
    gone = rowCount ?? 0
  }
}
