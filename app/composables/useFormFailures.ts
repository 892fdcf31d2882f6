interface FieldError {
  name: string
  message: string
}

interface FailableForm {
  setErrors: (errors: FieldError[]) => void
  $el?: unknown
}

/**
 * Puts each refused field's sentence at its field and moves the focus to the first; what concerns no field is returned
 * as one sentence. Names of fields are the wire's.
 */
export function useFormFailures(form: Readonly<Ref<unknown>>, failure: () => unknown): ComputedRef<string | undefined> {
  const i18n = useI18n()
  const failures = computed(() => (failure() ? failuresOf(failure()) : []))
  const elsewhere = computed(() => failures.value.find(({ meta }) => !meta.source_field))

  watch(failures, async (all) => {
    const target = form.value as FailableForm | null
    const atFields = all.flatMap((one) =>
      one.meta.source_field ? [{ name: one.meta.source_field, message: failureSentence(one, i18n) }] : [],
    )
    if (!target || atFields.length === 0) return

    target.setErrors(atFields)
    await nextTick()
    const element = target.$el instanceof Element ? target.$el : document
    const first = element.querySelector<HTMLElement>('[aria-invalid="true"]')
    if (first) standAt(first)
  })

  return computed(() => elsewhere.value && failureSentence(elsewhere.value, i18n))
}
