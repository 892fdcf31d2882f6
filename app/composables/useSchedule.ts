import { schedules } from '#shared/contracts/client/schedules'
import type { ServerDetail } from '#shared/contracts/client/servers'

interface Asked {
  server: () => Pick<ServerDetail, 'identifier' | 'uuid'>
  schedule: () => string
  /** Whether this person may see it. */
  enabled: () => boolean
}

const RUNS_PER_PAGE = 20

/** One schedule with its tasks, what became of its runs, and what can be done with it. */
export function useSchedule({ server, schedule, enabled }: Asked) {
  const params = () => ({ server: server().identifier, schedule: schedule() })
  const { data, error, refresh } = useApi(schedules.get, { params, enabled })

  const page = ref(1)
  const {
    data: history,
    error: historyError,
    refresh: refreshRuns,
  } = useApi(schedules.runs, { params, query: () => ({ page: page.value, per_page: RUNS_PER_PAGE }), enabled })

  const isGone = ref(false)
  const refreshAll = async () => void (isGone.value || (await Promise.all([refresh(), refreshRuns()])))
  useEvents().refreshOn(
    'server',
    ({ server: uuid, what }) => uuid === server().uuid && ['schedules', 'status'].includes(what),
    refreshAll,
  )

  /** The stored tasks become those of the draft one step at a time; one that failed leaves the rest to the next try. */
  async function saveTasks(stored: readonly TaskDraft[], wanted: readonly TaskDraft[]): Promise<void> {
    for (const step of taskSteps(stored, wanted)) {
      if (step.act === 'remove') await api(schedules.removeTask, { params: { ...params(), task: String(step.id) } })
      else if (step.act === 'update')
        await api(schedules.updateTask, {
          params: { ...params(), task: String(step.id) },
          body: taskBodyOf(step.task, step.place),
        })
      else {
        const { id } = await api(schedules.createTask, { params: params(), body: taskBodyOf(step.task, step.place) })
        Object.assign(step.task, { id, key: `task-${id}` })
      }
    }
  }

  const save = useSubmit(
    async (draft: ScheduleDraft) => {
      if (!data.value) return false
      const stored = scheduleDraftOf(data.value)
      try {
        if (JSON.stringify(scheduleBodyOf(draft)) !== JSON.stringify(scheduleBodyOf(stored)))
          await api(schedules.update, { params: params(), body: scheduleBodyOf(draft) })
        await saveTasks(stored.tasks, draft.tasks)
        return true
      } catch (error) {
        await refresh()
        throw error
      }
    },
    { success: 'schedules.saved', inForm: true },
  )

  const run = useSubmit(
    async (_: undefined) => {
      try {
        await api(schedules.execute, { params: params() })
      } finally {
        await refreshAll()
      }
    },
    { success: 'schedules.run.done' },
  )
  const remove = useSubmit(
    async (_: undefined) => {
      await api(schedules.remove, { params: params() })
      isGone.value = true
      return true
    },
    { success: 'schedules.delete.done' },
  )

  return {
    data,
    error,
    refresh,
    save,
    run,
    remove,
    history: {
      runs: computed(() => history.value?.items),
      total: computed(() => history.value?.meta.pagination.total ?? 0),
      perPage: RUNS_PER_PAGE,
      page,
      error: historyError,
      refresh: refreshRuns,
    },
  }
}

/** Makes a schedule with all its tasks at once; without the right to tasks, one without any. */
export function useNewSchedule(server: () => string, mayAddTasks: () => boolean) {
  return useSubmit(
    (draft: ScheduleDraft) => {
      const params = { server: server() }
      return mayAddTasks()
        ? api(schedules.import, { params, body: scheduleFileOf(draft) })
        : api(schedules.create, { params, body: scheduleBodyOf(draft) })
    },
    { success: 'schedules.saved', inForm: true },
  )
}

/** What the editor of a new one begins with, handed over by the page before it. */
export const useScheduleDraft = () => useState<ScheduleDraft | undefined>('schedule-draft', () => undefined)
