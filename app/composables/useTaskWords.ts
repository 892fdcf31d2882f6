import { POWER_PAYLOADS } from '#shared/contracts/client/schedules'

interface Told {
  action: string
  payload: string
}

const POWER_ICONS = {
  start: 'i-lucide-play',
  stop: 'i-lucide-square',
  restart: 'i-lucide-rotate-cw',
  kill: 'i-lucide-skull',
}
const ICONS: Record<string, string> = {
  command: 'i-lucide-square-terminal',
  power: 'i-lucide-rotate-cw',
  backup: 'i-lucide-archive',
  delete_files: 'i-lucide-trash-2',
}

/** What a task of a schedule does, in words. */
export function useTaskWords() {
  const { t } = useI18n()
  const { list, duration } = useFormat()
  const signalOf = (payload: string) => POWER_PAYLOADS.find((signal) => signal === payload)
  const linesOf = (payload: string) =>
    payload
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)

  return {
    iconOf: ({ action, payload }: Told) =>
      (action === 'power' && POWER_ICONS[signalOf(payload) ?? 'restart']) ||
      (ICONS[action] ?? 'i-lucide-circle-question-mark'),
    titleOf({ action, payload }: Told): string {
      if (action === 'power') {
        const signal = signalOf(payload)
        return signal ? t(`schedules.task.power.${signal}`) : t('schedules.task.unknown', { action: payload })
      }
      if (action === 'command' || action === 'backup' || action === 'delete_files') return t(`schedules.task.${action}`)
      return t('schedules.task.unknown', { action })
    },
    /** What stands behind it: typed by somebody, and printed as it is. */
    detailOf({ action, payload }: Told): string {
      if (action === 'power' || payload.trim() === '') return ''
      if (action === 'backup') return t('schedules.task.without', { files: list(linesOf(payload)) })
      return action === 'delete_files' ? list(linesOf(payload)) : payload
    },
    /** When it begins, after the one before it. */
    waitOf(seconds: number, isFirst: boolean): string {
      if (seconds === 0) return isFirst ? t('schedules.task.atOnce') : t('schedules.task.rightAfter')
      return t('schedules.task.after', { time: duration(seconds) })
    },
  }
}
