import { files } from '#shared/contracts/client/files'

export interface Upload {
  id: number
  name: string
  folder: string
  /** 0 to 1. */
  share: number
  state: 'waiting' | 'running' | 'done' | 'failed'
  /** The node fetches it by itself. */
  isPull?: boolean
  cancel: () => void
}

let lastId = 0

/**
 * Sends files straight to the node, one after the other, each under a link of its own that opens once. Outlives a step
 * to another page of the same server.
 */
export function useFileUploads(server: () => string, onDone: (folder: string) => void) {
  const uploads = useState<Upload[]>('uploads', () => [])
  const { t } = useI18n()
  const toast = useToast()
  const failureText = useFailureText()
  let queue = Promise.resolve()

  function add(folder: string, chosen: Iterable<File>): void {
    for (const file of chosen) {
      const upload = reactive<Upload>({
        id: ++lastId,
        name: file.name,
        folder,
        share: 0,
        state: 'waiting',
        cancel: () => forget(upload.id),
      })
      uploads.value = [...uploads.value, upload]
      queue = queue.then(() => run(upload, file))
    }
  }

  function forget(id: number): void {
    uploads.value = uploads.value.filter((upload) => upload.id !== id)
  }

  async function run(upload: Upload, file: File): Promise<void> {
    if (!uploads.value.some(({ id }) => id === upload.id)) return
    upload.state = 'running'
    try {
      const { url } = await api(files.upload, { params: { server: server() } })
      await send(`${url}&directory=${encodeURIComponent(upload.folder)}`, file, upload)
      upload.state = 'done'
      onDone(upload.folder)
      setTimeout(() => forget(upload.id), 4000)
    } catch (error) {
      if (!uploads.value.some(({ id }) => id === upload.id)) return
      upload.state = 'failed'
      toast.add({
        title: t('files.uploads.failed', { name: upload.name }),
        description:
          error instanceof UploadFailure ? error.message || t('files.uploads.noContact') : failureText(error),
        color: 'error',
      })
    }
  }

  return { uploads, add, forget }
}

class UploadFailure extends Error {}

/** By XMLHttpRequest, which tells how far it is. No header is added: the node's preflight would refuse it. */
function send(url: string, file: File, upload: Upload): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const body = new FormData()
    body.append('files', file, file.name)
    request.upload.onprogress = ({ loaded, total }) => (upload.share = total > 0 ? loaded / total : 0)
    request.onload = () =>
      request.status >= 200 && request.status < 300 ? resolve() : reject(new UploadFailure(said(request.responseText)))
    request.onerror = () => reject(new UploadFailure())
    const before = upload.cancel
    upload.cancel = () => {
      request.abort()
      before()
    }
    request.open('POST', url)
    request.send(body)
  })
}

function said(text: string): string {
  try {
    return String((JSON.parse(text) as { error?: unknown }).error ?? '')
  } catch {
    return ''
  }
}
