import type { EggInFull } from '#shared/contracts/application/eggs'

export interface EggPage {
  egg: ComputedRef<EggInFull>
  update: ReturnType<typeof useEgg>['update']
  /** Eggs of the same nest: whose fields and scripts this one may take. */
  others: ComputedRef<EggInFull[]>
  mayWrite: ComputedRef<boolean>
  mayWriteScript: ComputedRef<boolean>
}

const key: InjectionKey<EggPage> = Symbol('egg')

export const provideEggPage = (page: EggPage) => provide(key, page)

/** The egg whose page is open, for its tabs. */
export function useEggPage(): EggPage {
  const page = inject(key)
  if (!page) throw new Error('There is no egg around this component.')
  return page
}
