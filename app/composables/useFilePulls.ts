import { files } from '#shared/contracts/client/files'
import type { Upload } from './useFileUploads'

const POLL_MS = 1000

interface Wanted {
  url: string
  name: string
  folder: string
}

let lastId = 0
/** Two that begin at once each take one of the new ones. */
const claimed = new Set<string>()

/**
 * Has the node fetch files from addresses, and follows how far each is, beside the uploads. A node tells nobody why it
 * ended one: whether it worked shows in whether the file is there.
 */
export function useFilePulls(server: () => string, onDone: (folder: string) => void) {
  const uploads = useState<Upload[]>('uploads', () => [])
  const { t } = useI18n()
  const toast = useToast()
  const failureText = useFailureText()

  const forget = (id: number) => void (uploads.value = uploads.value.filter((one) => one.id !== id))

  const begin = useSubmit(
    async (wanted: Wanted) => {
      const params = { server: server() }
      const [running, before] = await Promise.all([api(files.pulls, { params }), fileOf(params, wanted)])
      const { url, name, folder } = wanted
      await api(files.pull, { params, body: { url, directory: folder, filename: name } })
      const known = new Set(running.map(({ identifier }) => identifier))
      void follow(params, wanted, { known, before })
      return true
    },
    { inForm: true },
  )

  async function follow(
    params: { server: string },
    wanted: Wanted,
    { known, before }: { known: Set<string>; before?: string },
  ): Promise<void> {
    let isCancelled = false
    const pull = reactive<Upload>({
      id: --lastId, // uploads count upwards
      name: wanted.name,
      folder: wanted.folder,
      share: 0,
      state: 'running',
      isPull: true,
      cancel: () => void (isCancelled = true),
    })
    uploads.value = [...uploads.value, pull]

    try {
      let identifier: string | undefined
      for (;;) {
        const running = await api(files.pulls, { params })
        const mine = running.find((one) =>
          identifier ? one.identifier === identifier : !known.has(one.identifier) && !claimed.has(one.identifier),
        )
        if (!mine) break
        identifier = mine.identifier
        claimed.add(identifier)
        pull.share = mine.progress
        if (isCancelled) return await api(files.cancelPull, { params: { ...params, pull: identifier } })
        await new Promise((later) => setTimeout(later, POLL_MS))
      }
      const now = await fileOf(params, wanted)
      if (!now || now === before) return fail(pull, t('files.pull.failedText'))
      pull.state = 'done'
      onDone(wanted.folder)
      setTimeout(() => forget(pull.id), 4000)
    } catch (error) {
      fail(pull, failureText(error))
    } finally {
      if (isCancelled) {
        forget(pull.id)
        onDone(wanted.folder)
      }
    }
  }

  function fail(pull: Upload, description: string): void {
    pull.state = 'failed'
    toast.add({ title: t('files.pull.failed', { name: pull.name }), description, color: 'error' })
  }

  return { begin }
}

/** What tells one state of a file from another; undefined where there is none. */
async function fileOf(params: { server: string }, { folder, name }: Wanted): Promise<string | undefined> {
  const listed = await api(files.list, { params, query: { directory: folder } })
  const file = listed.find((one) => one.name === name)
  return file && `${file.modified_at} ${file.size}`
}
