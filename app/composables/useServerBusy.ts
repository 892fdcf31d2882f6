/**
 * Whether the server cannot be worked with now, and so neither can what belongs to it. `refresh` runs when that is over,
 * for what was asked for meanwhile.
 */
export function useServerBusy({ refresh }: { refresh?: () => unknown } = {}): ComputedRef<boolean> {
  const { server } = useServer()
  const isBusy = computed(() => isServerBusy(server.value))
  watch(isBusy, (is) => !is && void refresh?.())
  return isBusy
}
