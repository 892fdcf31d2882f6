import { files, type FileObject } from '#shared/contracts/client/files'

const TERM_MIN = 3

interface Searched {
  server: () => string
  folder: () => string
  items: () => FileObject[]
  /** Whether the node's daemon can look below a folder. */
  goesDeep: () => boolean
}

/** Narrows a folder while typing and, where the node can, looks below it on demand; names are then paths from there. */
export function useFileSearch({ server, folder, items, goesDeep }: Searched) {
  const search = ref('')
  const found = shallowRef<FileObject[]>()
  const term = computed(() => search.value.trim())
  watch([folder, term], () => (found.value = undefined))
  watch(folder, () => (search.value = ''))

  const deepen = useSubmit(async (_: undefined) => {
    const pattern = term.value
    const answer = await api(files.search, { params: { server: server() }, query: { directory: folder(), pattern } })
    if (pattern === term.value) found.value = answer
  })

  return {
    search,
    shown: computed(
      () => found.value ?? items().filter(({ name }) => name.toLowerCase().includes(term.value.toLowerCase())),
    ),
    mayDeepen: computed(() => goesDeep() && term.value.length >= TERM_MIN && found.value === undefined),
    isDeep: computed(() => found.value !== undefined),
    deepen,
  }
}
