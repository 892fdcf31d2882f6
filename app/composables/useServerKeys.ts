/** The server of the address, for keys and the palette, which live beside the pages and not below their layout. */
export function useServerKeys(): ComputedRef<string | undefined> {
  const route = useRoute()
  return computed(() => {
    const { server } = route.params as { server?: string | string[] }
    return route.path.startsWith('/servers/') && typeof server === 'string' ? server : undefined
  })
}
