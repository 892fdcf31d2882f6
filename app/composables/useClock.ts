const now = ref(Date.now())
let readers = 0
let timer: ReturnType<typeof setInterval> | undefined

const TICK_MS = 10_000

/** The time, for what says how long ago something was: one timer for all who read it, none while nobody does. */
export function useClock(): Readonly<Ref<number>> {
  onMounted(() => {
    now.value = Date.now()
    if (readers++ === 0) timer = setInterval(() => (now.value = Date.now()), TICK_MS)
  })
  onUnmounted(() => {
    if (--readers === 0) clearInterval(timer)
  })
  return readonly(now)
}
