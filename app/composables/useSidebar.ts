const KEY = 'xyra-sidebar'
const collapsed = ref(false)
let isRead = false

/** Whether the sidebar shows icons alone; remembered in this browser. The frame in the shell's HTML reads the same. */
export function useSidebar() {
  if (!isRead) {
    isRead = true
    collapsed.value = localStorage.getItem(KEY) === 'collapsed'
  }

  function toggle(): void {
    collapsed.value = !collapsed.value
    localStorage.setItem(KEY, collapsed.value ? 'collapsed' : 'open')
  }

  return { collapsed: readonly(collapsed), toggle }
}
