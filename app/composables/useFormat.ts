/** Numbers, sizes and times as this person reads them: in the language of the panel, in the zone of the account. */
export function useFormat() {
  const { locale } = useI18n()
  const { user } = useSession()
  const zone = computed(() => user.value?.time_zone || undefined)

  return {
    zone,
    number: (value: number | null | undefined, options?: Intl.NumberFormatOptions) =>
      value === null || value === undefined ? '–' : new Intl.NumberFormat(locale.value, options).format(value),
    /** 34 is 34 %. */
    percent: (value: number | null | undefined) =>
      value === null || value === undefined
        ? '–'
        : new Intl.NumberFormat(locale.value, { style: 'percent', maximumFractionDigits: 0 }).format(value / 100),
    bytes: (bytes: number | null | undefined) => formatBytes(bytes, locale.value),
    duration: (seconds: number | null | undefined) => formatDuration(seconds, locale.value),
    time: (moment: string | Date, now?: number) =>
      formatTime(new Date(moment), { now, language: locale.value, timeZone: zone.value }),
    moment: (moment: string | Date) => formatMoment(new Date(moment), { language: locale.value, timeZone: zone.value }),
    clock: (moment: string | Date) => formatClock(new Date(moment), { language: locale.value, timeZone: zone.value }),
    list: (names: readonly string[]) => new Intl.ListFormat(locale.value).format(names),
  }
}
