import {
  notifications,
  type ChoosePreferenceBody,
  type Notification,
  type NotificationPreference,
} from '#shared/contracts/client/notifications'

/** One's own inbox: a page of it, and how much of it is unread. What comes in is there at once, in every tab. */
export function useNotifications({ page = () => 1, size = 8 }: { page?: () => number; size?: number } = {}) {
  const { data, status, error, refresh } = useApi(notifications.list, {
    query: () => ({ page: page(), per_page: size }),
  })
  useEvents().refreshOn('account', ({ what }) => what === 'notifications', refresh)

  const read = useSubmit(async (ids: string[] | undefined) => {
    await api(notifications.read, { body: { ids } })
    await refresh()
  })

  return {
    items: computed<Notification[] | undefined>(() => data.value?.items),
    unread: computed(() => data.value?.meta.unread ?? 0),
    total: computed(() => data.value?.meta.pagination.total ?? 0),
    status,
    error,
    refresh,
    read: read.submit,
  }
}

/** What one is told of: everywhere, or of one server. */
export function useNotificationPreferences(server: () => string | undefined) {
  const everywhere = useApi(notifications.preferences, { enabled: () => server() === undefined })
  const here = useApi(notifications.ofServer, {
    params: () => ({ server: server() ?? '' }),
    enabled: () => server() !== undefined,
  })
  const asked = computed(() => (server() === undefined ? everywhere : here))
  const preferences = computed<NotificationPreference[] | undefined>(() => asked.value.data.value)

  const choose = useSubmit(async (body: ChoosePreferenceBody) => {
    const of = server()
    try {
      if (of === undefined) await api(notifications.choose, { body })
      else await api(notifications.chooseForServer, { params: { server: of }, body })
    } finally {
      await Promise.all([asked.value.refresh(), of === undefined && here.data.value ? here.refresh() : undefined])
    }
  })

  return {
    preferences,
    error: computed(() => asked.value.error.value),
    refresh: () => asked.value.refresh(),
    choose,
  }
}
