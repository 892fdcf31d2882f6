/**
 * What a choice would come to, asked whenever it is another: of several questions on their way the last one counts. The
 * answer before it stays until then; undefined asks nothing.
 */
export function usePreview<Choice, Result>(choice: () => Choice | undefined, ask: (choice: Choice) => Promise<Result>) {
  const result = shallowRef<Result>()
  const failure = shallowRef<unknown>()
  const pending = ref(false)
  let question = 0

  async function look(): Promise<void> {
    const chosen = choice()
    const mine = ++question
    failure.value = undefined
    pending.value = chosen !== undefined
    if (chosen === undefined) return void (result.value = undefined)
    try {
      const found = await ask(chosen)
      if (mine === question) result.value = found
    } catch (error) {
      if (mine === question) [result.value, failure.value] = [undefined, error]
    } finally {
      if (mine === question) pending.value = false
    }
  }
  watch(choice, look, { immediate: true })

  return { result, failure, pending: readonly(pending), look }
}
