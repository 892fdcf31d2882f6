import { files, type FileObject } from '#shared/contracts/client/files'

/** One folder of a server: what is in it, and what can be done with that. */
export function useFiles(server: () => string, folder: () => string, enabled: () => boolean) {
  const params = () => ({ server: server() })
  const { data, status, error, refresh } = useApi(files.list, {
    params,
    query: () => ({ directory: folder() }),
    enabled,
  })
  const items = computed<FileObject[]>(() => data.value ?? [])

  /** Tells how it ended by a toast, and shows the folder as it is now. */
  const act = <Input>(action: (input: Input) => Promise<unknown>, success?: string, inForm = false) =>
    useSubmit(
      async (input: Input) => {
        await action(input)
        await refresh()
        return true
      },
      { success, inForm },
    )

  return {
    items,
    status,
    error,
    refresh,
    createFolder: act(
      (name: string) => api(files.createFolder, { params: params(), body: { root: folder(), name } }),
      undefined,
      true,
    ),
    createFile: act(
      (name: string) =>
        sendText(files.write, { params: params(), query: { file: joinPath(folder(), name) }, text: '' }),
      undefined,
      true,
    ),
    rename: act(
      ({ from, to }: { from: string; to: string }) =>
        api(files.rename, { params: params(), body: { root: folder(), files: [{ from, to }] } }),
      undefined,
      true,
    ),
    move: act(
      ({ names, to }: { names: string[]; to: string }) =>
        api(files.rename, {
          params: params(),
          body: { root: '/', files: names.map((name) => ({ from: joinPath(folder(), name), to: joinPath(to, name) })) },
        }),
      'files.moved',
      true,
    ),
    copy: act((name: string) => api(files.copy, { params: params(), body: { location: joinPath(folder(), name) } })),
    remove: act(
      (names: string[]) => api(files.remove, { params: params(), body: { root: folder(), files: names } }),
      'files.deleted',
    ),
    compress: act(
      (names: string[]) => api(files.compress, { params: params(), body: { root: folder(), files: names } }),
      'files.archived',
    ),
    decompress: act(
      (name: string) => api(files.decompress, { params: params(), body: { root: folder(), file: name } }),
      'files.unpacked',
    ),
    download: useSubmit(async (name: string) => {
      // The panel decodes it once more than others.
      const file = encodeURIComponent(joinPath(folder(), name))
      const { url } = await api(files.download, { params: params(), query: { file } })
      window.location.assign(url)
    }),
  }
}
