import type { CheckStep } from '#shared/contracts/application/nodes'

/** What a step ran into, as a sentence. A browser elsewhere may have told of causes that are not known here. */
export function useNodeCheckText() {
  const i18n = useI18n()
  const { moment } = useFormat()
  void useNuxtApp()
    .$language.needFailures()
    .catch(() => undefined)

  return ({ cause, detail }: Pick<CheckStep, 'cause' | 'detail'>): string => {
    const key = `failures.node.check.${cause}`
    // Until they are loaded, no sentence is known.
    if (!cause || !i18n.te('failures.internal')) return ''
    if (!i18n.te(key)) return i18n.t('nodes.check.unknown')
    const values = Object.entries(detail ?? {}).map(([name, value]) => [
      name,
      name.endsWith('_at') ? moment(String(value)) : value,
    ])
    return i18n.t(key, Object.fromEntries(values) as Record<string, unknown>)
  }
}
