interface Act<Input, Result> {
  submit: (input: Input) => Promise<Result | undefined>
  failure: Ref<unknown>
}

interface Acts<Item extends { id: unknown }> {
  save: Act<never, Item>
  remove: Act<Item['id'], boolean>
}

/** What a list opens: the form that adds an item or changes the chosen one, and the question before one goes. */
export function useListForm<Item extends { id: unknown }>({ save, remove }: Acts<Item>) {
  const isOpen = ref(false)
  const chosen = shallowRef<Item>()
  const leaving = shallowRef<Item>()

  function openForm(item?: Item) {
    chosen.value = item
    save.failure.value = undefined
    isOpen.value = true
  }

  function startRemove(item: Item) {
    remove.failure.value = undefined
    leaving.value = item
  }

  async function onRemove() {
    if (leaving.value && (await remove.submit(leaving.value.id))) leaving.value = undefined
  }

  return { isOpen, chosen, leaving, openForm, startRemove, onRemove }
}

/** The same for what is tried as soon as it is saved: the form stays open until it works. */
export function useTestedListForm<Item extends { id: unknown }, Check extends { ok: boolean }>({
  test,
  ...acts
}: Acts<Item> & { test: Act<Item['id'], Check> }) {
  const form = useListForm(acts)
  const check = shallowRef<Check>()

  function openForm(item?: Item) {
    check.value = undefined
    form.openForm(item)
  }

  async function onTest(item: Item): Promise<boolean> {
    check.value = undefined
    check.value = await test.submit(item.id)
    acts.save.failure.value = test.failure.value
    return check.value?.ok === true
  }

  function openTest(item: Item) {
    openForm(item)
    void onTest(item)
  }

  return { ...form, check, openForm, onTest, openTest }
}
