import { hash } from 'node:crypto'
import { and, eq, sql } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { nests, servers, type EggRow, type EggVariableRow, type NestRow } from '#server/database/schema'
import { refusedField } from '#server/errors'
import { eggChanges, variableChanges, type Change, type VariableChange } from '#server/services/eggs/difference'
import { definitionOf, valuesOf } from '#server/services/eggs/egg-row'
import type { EggDefinition } from '#server/services/eggs/format/egg-definition'
import type { EggFile } from '#server/services/eggs/format/read-egg-file'
import { findEggByUuid, lockEgg, variablesOf } from '#server/services/eggs/queries'
import { changesScript, NO_SCRIPT } from '#server/services/eggs/script-right'

/** Where eggs go that come without a nest, as those of Pelican do. */
export const IMPORTED_NEST = 'Imported'

export interface ImportTarget {
  file: EggFile
  /** Of a new egg. */
  nestId: string | null
  /** To overwrite, whatever the file's uuid says. */
  eggId: string | null
}

export interface ImportPlan {
  /** What it will say. An egg that is overwritten keeps its uuid and its author. */
  definition: EggDefinition
  /** To overwrite; null: a new one. */
  egg: EggRow | null
  /** Of what it says now. */
  eggHash: string | null
  variables: EggVariableRow[]
  /** Null: the nest for imports, which does not exist yet. */
  nest: NestRow | null
  serversCount: number
  changes: Change[]
  variableChanges: VariableChange[]
  changesScript: boolean
}

/** What an import would do, decided in one place for the preview and for the act. @throws {AppError} `request.invalid` */
export async function planImport(tx: Executor, { file, nestId, eggId }: ImportTarget): Promise<ImportPlan> {
  const known = eggId === null && file.definition.uuid ? await findEggByUuid(file.definition.uuid, tx) : undefined
  const id = eggId ?? known?.id
  if (id === undefined) return planNew(tx, { file, nestId })

  const egg = await lockEgg(tx, id).catch(() => {
    throw refusedField('egg', 'exists', 'The selected egg is invalid.')
  })
  const variables = await variablesOf(egg.id, tx)
  const before = definitionOf(egg, variables, { parent: null, scriptSource: null })
  const definition = { ...file.definition, uuid: egg.uuid, author: egg.author }
  return {
    definition,
    egg,
    eggHash: hash('sha256', JSON.stringify(before)),
    variables,
    nest: await findNest(tx, egg.nestId),
    serversCount: await tx.$count(servers, eq(servers.eggId, egg.id)),
    changes: eggChanges(before, definition),
    variableChanges: variableChanges(before.variables, definition.variables),
    changesScript: changesScript(egg, valuesOf(definition)),
  }
}

async function planNew(tx: Executor, { file, nestId }: Pick<ImportTarget, 'file' | 'nestId'>): Promise<ImportPlan> {
  const nest = nestId === null ? await findNestForImports(tx) : await findNest(tx, nestId)
  if (nestId !== null && !nest) throw refusedField('nest', 'exists', 'The selected nest is invalid.')
  const { definition } = file
  return {
    definition,
    egg: null,
    eggHash: null,
    variables: [],
    nest,
    serversCount: 0,
    changes: eggChanges(null, definition),
    variableChanges: variableChanges([], definition.variables),
    changesScript: changesScript(NO_SCRIPT, valuesOf(definition)),
  }
}

async function findNest(tx: Executor, id: string): Promise<NestRow | null> {
  const [row] = await tx.select().from(nests).where(eq(nests.id, id))
  return row ?? null
}

async function findNestForImports(tx: Executor): Promise<NestRow | null> {
  const [row] = await tx
    .select()
    .from(nests)
    .where(and(eq(nests.name, IMPORTED_NEST)))
    .orderBy(sql`${nests.id}::bigint`)
    .limit(1)
  return row ?? null
}
