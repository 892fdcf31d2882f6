const KEY = 'xyra-recent'
const KEPT = 5

const list = ref<string[]>()

/** The servers that were open last in this browser, the latest first, by their eight characters. */
export function useRecentServers() {
  list.value ??= read()

  function note(identifier: string): void {
    list.value = [identifier, ...read().filter((one) => one !== identifier)].slice(0, KEPT)
    localStorage.setItem(KEY, JSON.stringify(list.value))
  }

  return { list: computed(() => list.value ?? []), note }
}

function read(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : []
  } catch {
    return []
  }
}
