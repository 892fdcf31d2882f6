const isOpen = ref(false)

/** The palette of Cmd K, whoever opens it. */
export function usePalette() {
  return { isOpen, open: () => (isOpen.value = true) }
}
