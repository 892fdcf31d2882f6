import type { CheckStep } from '#shared/contracts/application/nodes'

/** What a step ran into, as a sentence. A browser elsewhere may have told of causes that are not known here. */
export function useNodeCheckText() {
  const { t, te } = useI18n()
  const { moment } = useFormat()

  return ({ cause, detail }: Pick<CheckStep, 'cause' | 'detail'>): string => {
    const key = `failures.node.check.${cause}`
    if (!cause || !te(key)) return cause ? t('nodes.check.unknown') : ''
    const values = Object.entries(detail ?? {}).map(([name, value]) => [
      name,
      name.endsWith('_at') ? moment(String(value)) : value,
    ])
    return t(key, Object.fromEntries(values) as Record<string, unknown>)
  }
}
