import { schedules, type Schedule } from '#shared/contracts/client/schedules'
import type { ServerDetail } from '#shared/contracts/client/servers'

interface Asked {
  server: () => Pick<ServerDetail, 'identifier' | 'uuid'>
  /** Whether this person may see them. */
  enabled: () => boolean
}

/** The schedules of one server, and what can be done with each from its list. */
export function useSchedules({ server, enabled }: Asked) {
  const params = () => ({ server: server().identifier })
  const { data, error, status, refresh } = useApi(schedules.list, { params, enabled })
  useEvents().refreshOn(
    'server',
    ({ server: uuid, what }) => uuid === server().uuid && ['schedules', 'status'].includes(what),
    refresh,
  )
  const of = (schedule: number) => ({ ...params(), schedule: String(schedule) })

  /** Shown as wished until the panel has answered. */
  const wished = reactive(new Map<number, boolean>())
  const items = computed<Schedule[] | undefined>(() =>
    data.value?.map((schedule) => ({ ...schedule, is_active: wished.get(schedule.id) ?? schedule.is_active })),
  )
  const { submit: saveWish } = useSubmit(async ({ schedule, isActive }: { schedule: Schedule; isActive: boolean }) => {
    const body = scheduleBodyOf({ ...scheduleDraftOf(schedule), isActive })
    await api(schedules.update, { params: of(schedule.id), body })
    await refresh()
  })
  let earlier = Promise.resolve()
  /** One after the other, whichever are switched meanwhile. */
  function toggle(schedule: Schedule) {
    const isActive = !schedule.is_active
    wished.set(schedule.id, isActive)
    earlier = earlier.then(async () => {
      await saveWish({ schedule, isActive })
      if (wished.get(schedule.id) === isActive) wished.delete(schedule.id)
    })
  }

  const run = useSubmit(
    async (schedule: number) => {
      try {
        await api(schedules.execute, { params: of(schedule) })
      } finally {
        // One that failed at its first task has failed: the list shows it.
        await refresh()
      }
    },
    { success: 'schedules.run.done' },
  )
  const remove = useSubmit(
    async (schedule: number) => {
      await api(schedules.remove, { params: of(schedule) })
      await refresh()
      return true
    },
    { success: 'schedules.delete.done' },
  )

  return { items, error, status, refresh, toggle, run, remove }
}
