import { myAnnouncements, type ShownAnnouncement } from '#shared/contracts/client/announcements'

/** One that begins later is found by looking again. */
const LOOK_AGAIN_MS = 5 * 60_000

/** What is announced to this person: asked once for all pages, and again by hints. */
export function useShownAnnouncements() {
  const { user } = useSession()
  const known = useState<{ items: ShownAnnouncement[]; at: number } | null>('announcements', () => null)
  const now = useClock()

  async function refresh(): Promise<void> {
    if (!user.value) return
    known.value = { items: known.value?.items ?? [], at: Date.now() }
    known.value = { items: await api(myAnnouncements.list), at: Date.now() }
  }
  /** A page shows what it shows without them. */
  const look = () => void refresh().catch(() => undefined)

  useEvents().refreshOn('announcements', () => true, look)
  onMounted(() => !known.value && look())
  watch(now, (time) => known.value && time - known.value.at > LOOK_AGAIN_MS && look())

  const shown = computed(() =>
    known.value?.items.filter(({ ends_at: end }) => end === null || Date.parse(end) > now.value),
  )

  /** Gone at once, and back if the panel was not told. */
  async function dismiss({ id }: ShownAnnouncement): Promise<void> {
    const before = known.value
    if (!before) return
    known.value = { ...before, items: before.items.filter((one) => one.id !== id) }
    await api(myAnnouncements.dismiss, { params: { announcement: id } }).catch(() => {
      known.value = before
    })
  }

  return { first: computed(() => shown.value?.[0]), dismiss }
}
