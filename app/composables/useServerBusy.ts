const BUSY: readonly ServerState[] = ['suspended', 'transferring', 'restoring', 'installing', 'maintenance']

/** Whether the server cannot be worked with now, and so neither can what belongs to it. `refresh` runs when that is over. */
export function useServerBusy({ refresh }: { refresh: () => unknown }): ComputedRef<boolean> {
  const { server, state } = useServer()
  const isBusy = computed(
    () =>
      BUSY.includes(state.value) || (state.value === 'install_failed' && server.value.status !== 'reinstall_failed'),
  )
  watch(isBusy, (is) => !is && void refresh())
  return isBusy
}
