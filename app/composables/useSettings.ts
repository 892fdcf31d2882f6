import {
  settings,
  type BrandImage,
  type PanelSettings,
  type UpdateSettingsBody,
} from '#shared/contracts/application/settings'

/** The settings of the panel, and how to change them. */
export function useSettings() {
  const { mayAdminister } = useSession()
  const { data, status, error, refresh } = useApi(settings.get, { enabled: mayAdminister('settings') })
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

  const reread = () => Promise.all([refresh(), session.refresh()])
  const changeImage = useSubmit(
    async ({ brand, picture }: { brand: BrandImage; picture: File }) => {
      await sendBytes(settings.changeImage, picture, { brand })
      await reread()
    },
    { inForm: true },
  )
  const removeImage = useSubmit(
    async (brand: BrandImage) => {
      await api(settings.removeImage, { params: { brand } })
      await reread()
    },
    { inForm: true },
  )

  return { data, status, error, refresh, update, changeImage, removeImage }
}

export interface SettingsPage {
  settings: ComputedRef<PanelSettings>
  update: ReturnType<typeof useSettings>['update']
  changeImage: ReturnType<typeof useSettings>['changeImage']
  removeImage: ReturnType<typeof useSettings>['removeImage']
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
