import { RUN_REASONS } from '#shared/contracts/client/schedules'

/** Why a run, or a task of it, failed or did nothing. */
export function useRunWords() {
  const { t } = useI18n()
  return {
    reasonOf(reason: string, detail?: string | null): string {
      const known = RUN_REASONS.find((one) => one === reason)
      return known ? t(`schedules.reasons.${known}`, { detail: detail ?? '–' }) : t('schedules.reasons.unknown')
    },
  }
}
