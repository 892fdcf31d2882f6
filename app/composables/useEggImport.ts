import { eggs, type EggImport } from '#shared/contracts/application/eggs'

interface Target {
  nest?: number
  egg?: number
}

/** Where an egg comes from: a file of one's own, or the address where it is published. */
export type EggOrigin = { file: File } | { url: string }

/** What becomes an egg: what it would change is asked first, and again when the target changes. */
export function useEggImport() {
  const plan = shallowRef<EggImport>()

  const preview = useSubmit(
    async ({ origin, target }: { origin: EggOrigin; target: Target }) => {
      plan.value = undefined
      plan.value =
        'file' in origin
          ? await sendText(eggs.previewImport, { params: {}, query: target, text: origin.file })
          : await api(eggs.previewAddress, { body: { ...target, url: origin.url } })
    },
    { inForm: true },
  )

  const run = useSubmit(
    ({ origin, target }: { origin: EggOrigin; target: Target }) =>
      'file' in origin
        ? sendText(eggs.import, { params: {}, query: target, text: origin.file })
        : api(eggs.importAddress, { body: { ...target, url: origin.url, hash: plan.value?.hash } }),
    { success: 'eggs.import.done', inForm: true },
  )

  return { plan, preview, run }
}
