import { transfers } from '#shared/contracts/application/transfers'
import type { Given } from '#shared/contracts/endpoint'

type TransferGiven = Given<typeof transfers.start, 'body'>

/** The newest transfer of a managed server, what can be done about it, and how far it is. */
export function useTransfer() {
  const { server, refresh: refreshServer } = useManagedServer()
  const params = () => ({ server: String(server.value.id) })
  const { data, status, error, refresh } = useApi(transfers.latest, { params })

  const { refreshOn } = useEvents()
  refreshOn('server', ({ server: uuid, what }) => uuid === server.value.uuid && what === 'status', refresh)

  const isOpen = computed(() => data.value?.status === 'requested' || data.value?.status === 'running')

  const telling =
    <Input>(tell: (input: Input) => Promise<unknown>) =>
    async (input: Input) => {
      try {
        await tell(input)
        return true
      } finally {
        // A refused start is a transfer that failed.
        await Promise.all([refresh(), refreshServer()])
      }
    }
  const start = useSubmit(
    telling((body: TransferGiven) => api(transfers.start, { params: params(), body })),
    { success: 'adminServers.transfer.started', inForm: true },
  )
  const cancel = useSubmit(
    telling((_: undefined) => api(transfers.cancel, { params: params() })),
    { success: 'adminServers.transfer.cancelled' },
  )

  return { latest: data, status, error, refresh, isOpen, start, cancel }
}
export type UsedTransfer = ReturnType<typeof useTransfer>

/**
 * What the source says while it sends. Only the source says anything, and only to who was there before the target began:
 * from then on consoles name the target.
 */
export function useTransferProgress({ identifier, isWatched }: { identifier: () => string; isWatched: () => boolean }) {
  const socket = useWingsSocket(identifier)
  const progress = ref<TransferProgress>({ isSent: false })
  const sentence = ref('')
  const stop = socket.on('transfer logs', (raw) => {
    const line = plainLine(consoleLine(raw))
    const before = progress.value
    progress.value = progressAfter(before, line)
    // Figures are shown as such.
    if (progress.value.done === before.done) sentence.value = transferSentence(line)
  })
  onScopeDispose(stop)
  watch(isWatched, (is) => (is ? void socket.connect() : socket.close()), { immediate: true })
  return { progress: readonly(progress), sentence: readonly(sentence) }
}
export type UsedProgress = ReturnType<typeof useTransferProgress>
