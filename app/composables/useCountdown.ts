/** Seconds that are left, from whatever the source last said down to none. */
export function useCountdown(source: () => number | undefined): Readonly<Ref<number>> {
  const left = ref(0)
  let timer: ReturnType<typeof setInterval> | undefined

  watch(
    source,
    (seconds) => {
      clearInterval(timer)
      left.value = seconds ?? 0
      if (left.value <= 0) return
      const endsAt = Date.now() + left.value * 1000
      timer = setInterval(() => {
        left.value = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000))
        if (left.value === 0) clearInterval(timer)
      }, 250)
    },
    { immediate: true },
  )
  onUnmounted(() => clearInterval(timer))
  return readonly(left)
}
