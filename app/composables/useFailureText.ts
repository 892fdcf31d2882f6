/** Says in the reader's language what went wrong: by our code, with the reply's values, in English where a sentence is missing. */
export function useFailureText() {
  const i18n = useI18n()
  return (error: unknown): string => {
    const [{ detail, meta }] = failuresOf(error)
    return failureSentence({ detail, meta }, i18n)
  }
}

interface Dictionary {
  t: (key: string, values: Record<string, unknown>, plural?: number) => string
  te: (key: string) => boolean
}

/** One failure as a sentence: by the rule that a field broke, or what stands for it where the API names none; else by the reason. */
export function failureSentence({ detail, meta }: Pick<Failure, 'detail' | 'meta'>, { t, te }: Dictionary): string {
  const rule = meta.rule || meta.sentence
  const keys = rule ? [`failures.field.${rule}`, `rules.${rule}`] : [`failures.${meta.reason}`]
  const key = keys.find((one) => te(one))
  if (!key) return detail
  return typeof meta.count === 'number' ? t(key, meta, meta.count) : t(key, meta)
}
