/** How many nodes give no answer, for the sidebar of the administration; told by the list of nodes, asked again by hints. */
export function useSilentNodes(): Readonly<Ref<number>> {
  const count = useState('silent-nodes', () => 0)
  return readonly(count)
}
