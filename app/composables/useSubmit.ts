interface SubmitOptions {
  /** The key of a sentence for what cannot be seen on the page. */
  success?: string
  /** A form shows `failure` itself; without one a toast tells of it. */
  inForm?: boolean
}

/** Runs an action at most once at a time, and tells the person how it ended. */
export function useSubmit<Input, Result>(
  action: (input: Input) => Promise<Result>,
  { success, inForm = false }: SubmitOptions = {},
) {
  const [toast, failureText, { t }] = [useToast(), useFailureText(), useI18n()]
  const pending = ref(false)
  const failure = shallowRef<unknown>()

  async function submit(input: Input): Promise<Result | undefined> {
    if (pending.value) return undefined
    pending.value = true
    failure.value = undefined
    try {
      const result = await action(input)
      if (success) toast.add({ title: t(success), color: 'success', icon: 'i-lucide-check' })
      return result
    } catch (error) {
      failure.value = error
      if (!inForm) toast.add({ title: failureText(error), color: 'error', icon: 'i-lucide-circle-alert' })
      return undefined
    } finally {
      pending.value = false
    }
  }

  return { submit, pending: readonly(pending), failure }
}
