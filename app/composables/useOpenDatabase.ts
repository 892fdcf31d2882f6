import type { Ref } from 'vue'

interface Openable {
  id: string | number
  meta: { needs_rotation: boolean }
}

interface OpenDatabase<One extends Openable> {
  items: Ref<readonly One[] | undefined>
  /** Asked when its details open with the password, or by hand. */
  fetchPassword: (id: One['id']) => Promise<string | undefined>
  mayShow?: () => boolean
}

/** The database whose details stand open, with its password once it was asked for: it is forgotten with them. */
export function useOpenDatabase<One extends Openable>({
  items,
  fetchPassword,
  mayShow = () => true,
}: OpenDatabase<One>) {
  const openId = shallowRef<One['id']>()
  const password = ref<string>()
  const opened = computed(() => items.value?.find(({ id }) => id === openId.value))
  watch(opened, (is) => !is && onClose())

  function onClose() {
    openId.value = undefined
    password.value = undefined
  }

  async function onShow() {
    const asked = openId.value
    const answer = asked === undefined ? undefined : await fetchPassword(asked)
    if (answer && asked === openId.value) password.value = answer
  }

  function open(database: One, shows: boolean) {
    password.value = undefined
    openId.value = database.id
    if (shows && mayShow() && !database.meta.needs_rotation) void onShow()
  }

  return { openId, opened, password, open, onShow, onClose }
}
