import { eq, isNotNull, sql } from 'drizzle-orm'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { eggs, type EggRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { logger } from '#server/logger'
import { fetchEggFile } from '#server/services/eggs/fetch-egg-file'
import type { EggFile } from '#server/services/eggs/format/read-egg-file'
import { planImport, type ImportPlan } from '#server/services/eggs/plan-import'

/** How many are asked for at the same time. */
const AT_ONCE = 4

export interface UpdateCheck {
  egg: Pick<EggRow, 'id' | 'name'>
  isReady: boolean
  failure: AppError | null
}

export interface UpdatePreview {
  file: EggFile
  plan: ImportPlan
  isReady: boolean
}

/**
 * What the version that is published now would change, asked anew, and noted at the egg. Ready is what its author has
 * published since the last import, not what somebody changed here.
 *
 * @throws {AppError} `egg.no_update_url`, and whatever `fetchEggFile` throws
 */
export async function previewUpdate(egg: EggRow): Promise<UpdatePreview> {
  if (!egg.updateUrl) throw new AppError('egg.no_update_url')
  const file = await fetchEggFile({ address: egg.updateUrl })
  return useDrizzle().transaction(async (tx) => {
    // Held from here on: whoever took this version in, or wrote another address, while it was fetched, is heeded.
    const plan = await planImport(tx, { file, nestId: null, eggId: egg.id })
    const changesSomething = plan.changes.length > 0 || plan.variableChanges.length > 0
    const isReady = changesSomething && file.hash !== plan.egg?.updateHash
    if (plan.egg?.updateUrl === egg.updateUrl) {
      await tx
        .update(eggs)
        .set({ updateAvailable: isReady, updateCheckedAt: now(), updatedAt: sql`${eggs.updatedAt}` })
        .where(eq(eggs.id, egg.id))
      await notify(tx, 'administration', { what: 'eggs' })
    }
    return { file, plan, isReady }
  })
}

/** Asks for all eggs that say where they are published. Of a host that cannot be reached no other egg is asked for. */
export async function checkUpdates(): Promise<UpdateCheck[]> {
  const waiting = await useDrizzle()
    .select()
    .from(eggs)
    .where(isNotNull(eggs.updateUrl))
    .orderBy(sql`${eggs.id}::bigint`)
  const checks: UpdateCheck[] = []
  const unreachable = new Map<string, AppError>()

  const work = async () => {
    for (let egg = waiting.shift(); egg; egg = waiting.shift()) {
      const host = URL.parse(egg.updateUrl ?? '')?.host ?? ''
      const known = unreachable.get(host)
      const check = known ? { egg, isReady: false, failure: known } : await checkOne(egg)
      if (check.failure?.code === 'outside.unreachable') unreachable.set(host, check.failure)
      checks.push(check)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return checks
}

async function checkOne(egg: EggRow): Promise<UpdateCheck> {
  try {
    const { isReady } = await previewUpdate(egg)
    return { egg, isReady, failure: null }
  } catch (error) {
    const failure = error instanceof AppError ? error : new AppError('internal', { cause: error })
    logger.warn(
      { err: error, eggId: egg.id, address: egg.updateUrl },
      'a newer version of an egg could not be looked for',
    )
    return { egg, isReady: false, failure }
  }
}

/** The daily job. */
export async function lookForUpdates(): Promise<void> {
  const checks = await checkUpdates()
  const [ready, failed] = [checks.filter(({ isReady }) => isReady), checks.filter(({ failure }) => failure)]
  if (checks.length > 0)
    logger.info(
      { asked: checks.length, ready: ready.length, failed: failed.length },
      'looked for newer versions of eggs',
    )
}
