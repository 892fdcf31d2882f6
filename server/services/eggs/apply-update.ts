import type { Actor } from '#server/auth/actor'
import type { EggRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { fetchEggFile } from '#server/services/eggs/fetch-egg-file'
import { importEgg } from '#server/services/eggs/import-egg'

interface ApplyUpdate {
  actor: Actor
  egg: EggRow
  /** Of the version whose differences were shown. */
  hash: string
  eggHash?: string | null
}

/** Overwrites an egg with what is published of it. @throws {AppError} `egg.no_update_url`, and what an import throws */
export async function applyUpdate({ actor, egg, hash, eggHash }: ApplyUpdate): Promise<EggRow> {
  if (!egg.updateUrl) throw new AppError('egg.no_update_url')
  const file = await fetchEggFile({ address: egg.updateUrl, hash })
  return importEgg({ actor, file, nestId: null, eggId: egg.id, eggHash })
}
