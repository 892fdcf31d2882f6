import { toString as describe } from 'cronstrue'
import { cronOf, type CronFields } from '#shared/utils/cron'

/** Names of days, Monday first. */
const MONDAY = Date.UTC(2024, 0, 1)
const DAY_MS = 86_400_000
const WORKDAYS = '1,2,3,4,5'

/** English is built in. */
const OTHERS: Record<string, () => Promise<unknown>> = { de: () => import('cronstrue/locales/de') }

/** When a schedule is due, in a sentence. */
export function useCronWords() {
  const { t, locale } = useI18n()
  const { number, list } = useFormat()
  const spoken = ref('en')
  watch(
    locale,
    async (language) => {
      await OTHERS[language]?.().catch(() => undefined)
      if (language === locale.value) spoken.value = language
    },
    { immediate: true },
  )

  const dayName = (day: number, style: 'long' | 'short' = 'long') =>
    new Intl.DateTimeFormat(locale.value, { weekday: style, timeZone: 'UTC' }).format(MONDAY + ((day + 6) % 7) * DAY_MS)

  function wordsOf(fields: CronFields): string {
    const when = whenOf(fields)
    if (when.kind === 'own') return wordsOfOwn(fields)
    if (when.kind === 'minutes') return t('schedules.words.minutes', { count: number(when.every) }, when.every)
    if (when.kind === 'hour')
      return when.minute === 0
        ? t('schedules.words.hour')
        : t('schedules.words.hourAt', { minute: number(when.minute) })
    const time = clockOf(when)
    if (when.kind === 'day') return t('schedules.words.day', { time })
    if (when.kind === 'month') return t('schedules.words.month', { day: number(when.day), time })
    if (when.days.join() === WORKDAYS) return t('schedules.words.workdays', { time })
    // Monday first, as people have it.
    const days = when.days.toSorted((one, other) => ((one + 6) % 7) - ((other + 6) % 7))
    return t('schedules.words.week', { days: list(days.map((day) => dayName(day))), time })
  }

  /** The library reads nearly what the panel reads; what it cannot put into words stands as it is. */
  function wordsOfOwn(fields: CronFields): string {
    const cron = cronOf(fields)
    try {
      return describe(cron, { use24HourTimeFormat: true, locale: spoken.value })
    } catch {
      return cron
    }
  }

  return { wordsOf, dayName }
}
