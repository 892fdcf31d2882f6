/** The part of the screen that a keyboard takes is never smaller. */
const LEAST_PX = 150

/** Whether a phone's keyboard covers part of the screen. */
export function useScreenKeyboard(): Readonly<Ref<boolean>> {
  const isOpen = ref(false)
  const look = () => {
    const viewport = window.visualViewport
    const field = document.activeElement
    const isTyping =
      field instanceof HTMLInputElement ||
      field instanceof HTMLTextAreaElement ||
      (field instanceof HTMLElement && field.isContentEditable)
    isOpen.value =
      !!viewport &&
      isTyping &&
      window.screen.height - viewport.height * viewport.scale >
        LEAST_PX + (window.outerHeight ? window.screen.height - window.outerHeight : 0)
  }
  onMounted(() => {
    window.visualViewport?.addEventListener('resize', look)
    document.addEventListener('focusin', look)
    document.addEventListener('focusout', look)
  })
  onUnmounted(() => {
    window.visualViewport?.removeEventListener('resize', look)
    document.removeEventListener('focusin', look)
    document.removeEventListener('focusout', look)
  })
  return readonly(isOpen)
}
