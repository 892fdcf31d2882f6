const WAITS_MS = [5000, 10_000, 20_000]

/** Somebody is silent who may answer again: the panel, its database, a node, or what stands before them. */
export const isAway = (error: unknown): boolean => {
  if (!error) return false
  const status = statusOf(error)
  return (status === 0 && failuresOf(error)[0].code === 'NoAnswer') || [502, 503, 504].includes(status)
}

/** Asks again, by itself and ever more seldom, while what was asked for fails because somebody is silent. */
export function useComeback(error: () => unknown, retry: () => unknown): void {
  let tries = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function wait(): void {
    clearTimeout(timer)
    timer = setTimeout(
      () => {
        if (document.hidden) return wait()
        tries++
        void retry()
      },
      WAITS_MS[Math.min(tries, WAITS_MS.length - 1)],
    )
  }

  watch(
    error,
    (failed) => {
      if (isAway(failed)) return wait()
      clearTimeout(timer)
      tries = 0
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer), true)
}
