const isAwayNow = ref(false)
let timer: ReturnType<typeof setTimeout> | undefined

/** The panel itself was silent, or its database: what is shown may be old until it answers again. */
export function notePanelAway(error: unknown): void {
  const [{ code, meta }] = failuresOf(error)
  if ((code !== 'NoAnswer' && meta.reason !== 'panel.database_away') || isAwayNow.value) return
  isAwayNow.value = true
  look()
}

/** Tells the pages, so that each asks again what it shows. */
function look(): void {
  clearTimeout(timer)
  timer = setTimeout(async () => {
    if (!(await isPanelThere())) return look()
    isAwayNow.value = false
    tellListeners('opened', {})
  }, 3000)
}

export const usePanelAway = () => readonly(isAwayNow)
