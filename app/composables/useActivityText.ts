import type { ActivityLog } from '#shared/contracts/client/activity'

type Told = Pick<ActivityLog, 'event' | 'properties' | 'relationships'>

/** What an older release, another panel or a node left out. */
const UNSAID = Object.fromEntries(
  [
    'name',
    'file',
    'files',
    'directory',
    'old',
    'new',
    'email',
    'identifier',
    'command',
    'variable',
    'browser',
    'provider',
  ].map((name) => [name, '–']),
)

/** Says what happened: who did it, the whole sentence, and of an event alone what anybody does by it. */
export function useActivityText() {
  const i18n = useI18n()
  const { t } = i18n
  const { list } = useFormat()

  function actor({ relationships }: Pick<Told, 'relationships'>): string {
    const origin = relationships?.origin
    if (origin?.kind === 'node') return t('activity.actors.node', { name: origin.name ?? '–' })
    if (origin?.kind === 'user') return origin.name ?? t('activity.actors.gone')
    return t('activity.actors.panel')
  }

  function sentence(told: Told): string {
    const key = `activity.events.${told.event.replace(':', '.')}`
    if (!i18n.te(key)) return t('activity.unknown', { event: told.event })
    const slots = activitySlots(told.properties, list)
    return t(key, { ...UNSAID, ...slots, actor: actor(told) }, Number(slots.count ?? 1))
  }

  const act = (event: string): string =>
    t(`activity.events.${event.replace(':', '.')}`, { ...UNSAID, actor: '…' }, 1).trim()

  return { actor, sentence, act }
}
