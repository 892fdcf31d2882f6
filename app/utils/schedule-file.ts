/** `Nightly restart` → `nightly-restart.json`. */
const fileNameOf = (name: string) =>
  `${
    name
      .normalize('NFKD')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'schedule'
  }.json`

/** Puts a schedule into a file of this browser, in the form that other panels read as well. */
export function saveScheduleFile(draft: ScheduleDraft): void {
  const text = `${JSON.stringify(scheduleFileOf(draft), null, 2)}\n`
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  link.download = fileNameOf(draft.name)
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href))
}

/** The same once more, off until somebody has looked at it. */
export const copyOfSchedule = (draft: ScheduleDraft, name: string): ScheduleDraft => ({
  ...draft,
  name,
  isActive: false,
  tasks: draft.tasks.map(({ key: _, id: __, ...task }) => newTask(task)),
})
