import type { ApiKeyRow } from '#server/database/schema'
import { serializeApiKey, type Narrowing } from '#server/serializers/client/api-key'
import { identifiersOf, narrowingOf } from '#server/services/api-keys/queries'
import type { apiKey } from '#shared/contracts/client/api-keys'
import type { Wire } from '#shared/contracts/envelope'

/** Somebody's own keys; with `limits`, what else each is held to. */
export async function answerApiKeys(
  asked: readonly string[],
  rows: readonly ApiKeyRow[],
): Promise<Wire<typeof apiKey>[]> {
  if (!asked.includes('limits')) return rows.map((row) => serializeApiKey(row))

  const identifiers = await identifiersOf(rows)
  const named = (row: ApiKeyRow): Narrowing => {
    const { servers, permissions } = narrowingOf(row)
    return { servers: servers && servers.flatMap((id) => identifiers.get(id) ?? []), permissions }
  }
  return rows.map((row) => serializeApiKey(row, named(row)))
}

export async function answerApiKey(asked: readonly string[], row: ApiKeyRow): Promise<Wire<typeof apiKey>> {
  const [answer = serializeApiKey(row)] = await answerApiKeys(asked, [row])
  return answer
}
