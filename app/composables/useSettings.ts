import { settings, type PanelSettings, type UpdateSettingsBody } from '#shared/contracts/application/settings'

/** The settings of the panel, and how to change them. */
export function useSettings() {
  const { data, status, error, refresh } = useApi(settings.get)
  const { refreshOn } = useEvents()
  refreshOn('panel', () => true, refresh)
  const session = useSession()

  const update = useSubmit(
    async (body: UpdateSettingsBody) => {
      await api(settings.update, { body })
      await Promise.all([refresh(), session.refresh()])
      return true
    },
    { inForm: true, success: 'settings.saved' },
  )

  return { data, status, error, refresh, update }
}

export interface SettingsPage {
  settings: ComputedRef<PanelSettings>
  update: ReturnType<typeof useSettings>['update']
  mayWrite: ComputedRef<boolean>
}

const key: InjectionKey<SettingsPage> = Symbol('settings')

export const provideSettingsPage = (page: SettingsPage) => provide(key, page)

/** The settings around a tab. */
export function useSettingsPage(): SettingsPage {
  const page = inject(key)
  if (!page) throw new Error('There are no settings around this component.')
  return page
}
