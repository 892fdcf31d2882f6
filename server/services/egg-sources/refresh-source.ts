import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { eggSourceContents } from '#server/database/json'
import { eggSources, type EggSourceRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { logger } from '#server/logger'
import { fetchPublic } from '#server/services/outside/fetch-public'
import { getSettings } from '#server/services/settings/current-settings'
import { getEggSource, listEggSources } from './queries'
import { readIndex } from './read-index'

const INDEX_MAX_BYTES = 4 * 1024 * 1024

/** Why an index is not taken; what stands outside has its own codes. */
const NO_INDEX = 'egg_source.unreadable'

/**
 * Reads an index anew. What was read before stays where that fails, and the reason beside it. One that was given another
 * address meanwhile is left to whoever gave it.
 *
 * @throws {AppError} `resource.not_found`
 */
export async function refreshSource(source: EggSourceRow): Promise<EggSourceRow> {
  const values = await read(source).catch((error: unknown) => {
    const failure = error instanceof AppError ? error.code : 'internal'
    logger.warn({ err: error, address: source.url }, 'an index of eggs could not be read')
    return { failure }
  })
  return useDrizzle().transaction(async (tx) => {
    const [row] = await tx
      .update(eggSources)
      .set({ ...values, checkedAt: now() })
      .where(and(eq(eggSources.id, source.id), eq(eggSources.url, source.url)))
      .returning()
    if (!row) return getEggSource(source.id, tx)
    await notify(tx, 'administration', { what: 'eggs' })
    return row
  })
}

async function read({ url, etag, contents }: EggSourceRow) {
  const { eggs } = await getSettings()
  const fetched = await fetchPublic(url, {
    maxBytes: INDEX_MAX_BYTES,
    etag: contents === null ? null : etag,
    allowsPrivate: eggs.allowsPrivateAddresses,
  })
  if (!fetched) return { failure: null }
  const document = jsonOf(fetched.bytes)
  if (!readIndex(document)) return { failure: NO_INDEX }
  return { failure: null, etag: fetched.etag, contents: z.encode(eggSourceContents, document as z.core.util.JSONType) }
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

const passOverGone = (error: unknown) => {
  if (!(error instanceof AppError) || error.code !== 'resource.not_found') throw error
}

/** Part of the daily job. */
export async function refreshSources(): Promise<void> {
  for (const source of await listEggSources()) if (source.enabled) await refreshSource(source).catch(passOverGone)
}
