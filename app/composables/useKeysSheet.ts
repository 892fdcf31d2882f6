const isOpen = ref(false)

/** The sheet of keyboard shortcuts, opened by `?` and from the user menu. */
export const useKeysSheet = () => ({ isOpen })
