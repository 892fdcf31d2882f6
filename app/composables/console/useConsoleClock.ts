/** The time of day in front of a line, in the account's zone. */
export function useConsoleClock() {
  const { user } = useSession()
  const format = computed(
    () =>
      new Intl.DateTimeFormat('en-GB', {
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        timeZone: user.value?.time_zone || undefined,
      }),
  )
  return { clock: (at: number) => format.value.format(at) }
}
