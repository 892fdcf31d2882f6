type Fields = Record<string, unknown>

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
const copyOf = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value

/**
 * What a form holds against what the panel holds. A field that somebody else changes meanwhile follows, unless this
 * person has changed it as well; leaving with changes asks, in the words of `area`. What it was `begun` with is a change.
 */
export function useDraft<Held extends Fields>(saved: () => Held, area = 'eggs', begun?: Held) {
  const { t } = useI18n()
  const confirm = useConfirm()
  const names = Object.keys(saved()) as (keyof Held & string)[]
  const state = reactive(copyOf(begun ?? saved())) as Held
  const before = shallowRef(copyOf(saved()))

  const changed = computed(() => names.filter((name) => !isSame(state[name], before.value[name])))
  const isDirty = computed(() => changed.value.length > 0)

  watch(
    () => copyOf(saved()),
    (next) => {
      for (const name of names) if (isSame(state[name], before.value[name])) state[name] = copyOf(next[name])
      before.value = next
    },
  )

  const discard = () => void Object.assign(state, copyOf(before.value))
  /** What was sent is what the panel holds now. */
  const settle = () => void (before.value = copyOf(state as Held))

  onBeforeRouteLeave(
    async () =>
      !isDirty.value ||
      confirm({
        title: t(`${area}.unsaved.title`),
        body: t(`${area}.unsaved.body`),
        action: t(`${area}.unsaved.action`),
      }),
  )
  const keep = (event: BeforeUnloadEvent) => isDirty.value && event.preventDefault()
  onMounted(() => window.addEventListener('beforeunload', keep))
  onBeforeUnmount(() => window.removeEventListener('beforeunload', keep))

  return { state, changed, isDirty, discard, settle }
}
