import { useTimeoutFn } from '@vueuse/core'

interface SelfSaving {
  stored: () => string
  /** True says that it went well. */
  save: (value: string) => Promise<boolean | undefined>
  /** Asked when the field is left. */
  isFit?: () => boolean
}

const SHOWN_MS = 2500

/** A field that saves itself when it is left, and says so for a moment. */
export function useSelfSaving({ stored, save, isFit = () => true }: SelfSaving) {
  const draft = ref(stored())
  const isEdited = ref(false)
  // What somebody else saves is shown, unless it would be typed over.
  watch(stored, (value) => !isEdited.value && (draft.value = value))

  const isSaved = ref(false)
  const { start: hideSaved } = useTimeoutFn(() => (isSaved.value = false), SHOWN_MS, { immediate: false })

  function type(value: string) {
    draft.value = value
    isEdited.value = true
    isSaved.value = false
  }

  function takeBack() {
    draft.value = stored()
    isEdited.value = false
  }

  let isSaving = false
  let isLeftMeanwhile = false

  async function leave(): Promise<void> {
    if (!isEdited.value || !isFit()) return
    if (isSaving) {
      isLeftMeanwhile = true
      return
    }
    const wanted = draft.value
    if (wanted !== stored()) {
      isSaving = true
      isLeftMeanwhile = false
      const isDone = await save(wanted)
      isSaving = false
      if (draft.value !== wanted) return isLeftMeanwhile ? leave() : undefined
      if (!isDone) return
    }
    isEdited.value = false
    isSaved.value = true
    hideSaved()
  }

  return { draft, isEdited, isSaved, type, takeBack, leave }
}
