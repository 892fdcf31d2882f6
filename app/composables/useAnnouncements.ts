import {
  announcements,
  type CreateAnnouncementBody,
  type UpdateAnnouncementBody,
} from '#shared/contracts/application/announcements'

/** What was and will be announced, for whoever writes it. */
export function useAnnouncements({ page, perPage }: { page: Ref<number>; perPage: Ref<number> }) {
  const { mayAdminister } = useSession()
  const { data, status, error, refresh } = useApi(announcements.list, {
    query: () => ({ page: page.value, per_page: perPage.value }),
    enabled: () => mayAdminister('announcements'),
  })
  useEvents().refreshOn('administration', ({ what }) => what === 'announcements', refresh)

  const save = useSubmit(
    async ({ id, body }: { id?: string; body: CreateAnnouncementBody & UpdateAnnouncementBody }) => {
      const saved = await (id === undefined
        ? api(announcements.create, { body })
        : api(announcements.update, { params: { announcement: id }, body }))
      await refresh()
      return saved
    },
    { inForm: true },
  )
  const remove = useSubmit(
    async (id: string) => {
      await api(announcements.remove, { params: { announcement: id } })
      await refresh()
      return true
    },
    { success: 'settings.announcements.deleted' },
  )
  return { data, status, error, refresh, save, remove }
}
