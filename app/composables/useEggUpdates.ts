import { eggs, type EggImport, type EggInFull } from '#shared/contracts/application/eggs'

const paramsOf = ({ id }: Pick<EggInFull, 'id'>) => ({ egg: String(id) })

/** Newer versions of eggs, from where their authors publish them. */
export function useEggUpdates() {
  const [{ t }, { number }, toast] = [useI18n(), useFormat(), useToast()]
  const plan = shallowRef<EggImport>()

  const preview = useSubmit(
    async (egg: EggInFull) => {
      plan.value = undefined
      plan.value = await api(eggs.previewUpdate, { params: paramsOf(egg) })
    },
    { inForm: true },
  )

  const apply = useSubmit(
    (egg: EggInFull) =>
      api(eggs.applyUpdate, {
        params: paramsOf(egg),
        body: { hash: plan.value?.hash ?? '', egg_hash: plan.value?.egg_hash },
      }),
    { success: 'eggs.update.done', inForm: true },
  )

  const checkAll = useSubmit(async (_: undefined) => {
    const checked = await api(eggs.checkUpdates)
    const failed = checked.filter(({ errors }) => errors)
    const ready = checked.filter(({ is_ready: is }) => is).length
    toast.add({
      title: t('eggs.update.checked', { count: number(ready) }, ready),
      ...(failed.length > 0 && {
        description: t('eggs.update.unreachable', { names: failed.map(({ name }) => name).join(', ') }),
      }),
      icon: failed.length > 0 ? 'i-lucide-triangle-alert' : 'i-lucide-check',
      color: failed.length > 0 ? 'warning' : 'success',
    })
  })

  return { plan, preview, apply, checkAll }
}
