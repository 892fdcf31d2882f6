import { eggs, type EggImport } from '#shared/contracts/application/eggs'

interface Target {
  nest?: number
  egg?: number
}

/** A file that becomes an egg: what it would change is asked first, and again when the target changes. */
export function useEggImport() {
  const plan = shallowRef<EggImport>()

  const preview = useSubmit(
    async ({ file, target }: { file: File; target: Target }) => {
      plan.value = undefined
      plan.value = await sendText(eggs.previewImport, { params: {}, query: target, text: file })
    },
    { inForm: true },
  )

  const run = useSubmit(
    ({ file, target }: { file: File; target: Target }) =>
      sendText(eggs.import, { params: {}, query: target, text: file }),
    { success: 'eggs.import.done', inForm: true },
  )

  return { plan, preview, run }
}
