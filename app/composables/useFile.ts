import { files } from '#shared/contracts/client/files'

/** What tells one state of a file from the next without reading it. */
interface Version {
  modifiedAt: string
  size: number
}

/**
 * One file of text: as it is on the server, and as it is here. Before it is saved the server is asked whether somebody
 * changed it meanwhile; then nothing is written until the person has decided.
 */
export function useFile(server: () => string, path: () => string) {
  const params = () => ({ server: server() })
  const theirs = ref<string>()
  const text = ref('')
  const known = ref<Version>()
  const error = shallowRef<unknown>()
  const isLoading = ref(true)
  /** What the server has now, when it is not what was opened. */
  const conflict = ref<string>()

  const isChanged = computed(() => theirs.value !== undefined && text.value !== theirs.value)

  async function version(): Promise<Version | undefined> {
    const listed = await api(files.list, { params: params(), query: { directory: parentOf(path()) } })
    const file = listed.find(({ name }) => name === nameOf(path()))
    return file && { modifiedAt: file.modified_at, size: file.size }
  }

  const read = async () => String((await api(files.contents, { params: params(), query: { file: path() } })) ?? '')

  async function load(): Promise<void> {
    isLoading.value = true
    if (!isAway(error.value)) error.value = undefined
    try {
      const [content, at] = await Promise.all([read(), version()])
      theirs.value = content
      text.value = content
      known.value = at
      conflict.value = undefined
      error.value = undefined
    } catch (thrown) {
      error.value = thrown
    } finally {
      isLoading.value = false
    }
  }

  const save = useSubmit(async ({ overwrite = false }: { overwrite?: boolean } = {}) => {
    const sent = text.value
    if (!overwrite) {
      const now = await version()
      const isSame = now?.modifiedAt === known.value?.modifiedAt && now?.size === known.value?.size
      if (now && !isSame) {
        conflict.value = await read()
        return false
      }
    }
    await sendText(files.write, { params: params(), query: { file: path() }, text: sent })
    theirs.value = sent
    known.value = await version()
    conflict.value = undefined
    return true
  })

  watch(path, load, { immediate: true })
  useComeback(() => error.value, load)
  return { text, theirs, error, isLoading, isChanged, conflict, load, save }
}
