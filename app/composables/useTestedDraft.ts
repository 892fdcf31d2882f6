interface Tested<Item, Draft, Body> {
  open: Ref<boolean>
  /** What is changed; none while one is made. */
  item: () => Item | undefined
  draftOf: (item?: Item) => Draft
  bodyOf: (draft: Draft) => Body
  /** What a test said, and whether one runs. */
  test: () => readonly [check: unknown, isRunning: boolean]
}

/**
 * What is typed into a form whose thing is tried as soon as it is saved. It goes on from what is stored, where secrets
 * that were just saved are in it no more. The outcome of a test is scrolled to: it stands in `told`, above the fields.
 */
export function useTestedDraft<Item, Draft, Body>({ open, item, draftOf, bodyOf, test }: Tested<Item, Draft, Body>) {
  const draft = ref(draftOf(item())) as Ref<Draft>
  const body = computed(() => bodyOf(draft.value))
  const isChanged = computed(() => JSON.stringify(body.value) !== JSON.stringify(bodyOf(draftOf(item()))))

  const told = useTemplateRef<{ $el: HTMLElement }>('told')
  watch(test, () => told.value?.$el.scrollIntoView({ block: 'center' }), { flush: 'post' })
  watch([open, item], ([is]) => is && (draft.value = draftOf(item())))

  return { draft, body, isChanged }
}
