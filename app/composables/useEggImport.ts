import { eggs } from '#shared/contracts/application/eggs'

interface Target {
  nest?: number
  egg?: number
}

/** Where an egg comes from: a file of one's own, or the address where it is published. */
export type EggOrigin = { file: File } | { url: string }

/** The file or address, and what becomes of it. */
export interface EggChoice {
  origin: EggOrigin
  target: Target
}

/** What becomes an egg: what it would change is asked first, and again when file, address or target change. */
export function useEggImport(choice: () => EggChoice | undefined) {
  const preview = usePreview(choice, ({ origin, target }) =>
    'file' in origin
      ? sendText(eggs.previewImport, { params: {}, query: target, text: origin.file })
      : api(eggs.previewAddress, { body: { ...target, url: origin.url } }),
  )

  const shown = () => ({ egg_hash: preview.result.value?.egg_hash })
  const run = useSubmit(
    ({ origin, target }: EggChoice) =>
      'file' in origin
        ? sendText(eggs.import, { params: {}, query: { ...target, ...shown() }, text: origin.file })
        : api(eggs.importAddress, {
            body: { ...target, url: origin.url, hash: preview.result.value?.hash, ...shown() },
          }),
    { success: 'eggs.import.done', inForm: true },
  )

  return { preview, run }
}
