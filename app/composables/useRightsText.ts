interface Done {
  name: string
  before: readonly string[]
  after: readonly string[]
  /** The name of the server. */
  server: string
}

/** More than these are counted instead of named. */
const NAMED = 3

/** Says of rights what they are called, and of a change what somebody can do now. */
export function useRightsText() {
  const { t } = useI18n()
  const { list, number } = useFormat()

  const keyOf = (right: ServerRight) => {
    const at = right.indexOf('.')
    return `subusers.rights.${right.slice(0, at)}.keys.${right.slice(at + 1)}`
  }
  const nameOf = (right: ServerRight): string => t(`${keyOf(right)}.name`)
  const helpOf = (right: ServerRight): string => t(`${keyOf(right)}.help`)
  const canOf = (right: ServerRight): string => t(`${keyOf(right)}.can`)
  const groupOf = (group: RightGroup): string => t(`subusers.rights.${group}.title`)

  function doneText({ name, before, after, server }: Done): string {
    const held = rightsAmong(after)
    const gained = held.filter((right) => !before.includes(right))
    const lost = rightsAmong(before).filter((right) => !after.includes(right))
    const phrases = (rights: readonly ServerRight[]) => list(rights.map(canOf))

    if (held.length === 0) return t('subusers.done.none', { name, server })
    if (lost.length === 0 && gained.length > 0 && gained.length <= NAMED)
      return t('subusers.done.can', { name, rights: phrases(gained) })
    if (gained.length === 0 && lost.length > 0 && lost.length <= NAMED)
      return t('subusers.done.cannot', { name, rights: phrases(lost) })
    return t('subusers.done.count', { name, count: number(held.length), total: number(RIGHTS.length), server })
  }

  return {
    nameOf,
    helpOf,
    canOf,
    groupOf,
    doneText,
    removedText: (name: string, server: string): string => t('subusers.done.removed', { name, server }),
  }
}
