import type { Actor } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import type { EggRow } from '#server/database/schema'
import { recordActivity } from '#server/services/activity/record-activity'
import type { EXPORT_FORMATS } from '#shared/contracts/application/eggs'
import { definitionOf, sourceOf } from '#server/services/eggs/egg-row'
import { printEggFile, type PrintedEgg } from '#server/services/eggs/format/print-egg-file'
import { inheritedOf, variablesOf } from '#server/services/eggs/queries'

export type ExportFormat = (typeof EXPORT_FORMATS)[number]

const TARGETS = {
  yaml: { kind: 'yaml' },
  json: { kind: 'json' },
  ptdl: { kind: 'json', format: 'PTDL_v2' },
  plcn: { kind: 'json', format: 'PLCN_v3' },
} as const

/** The egg as a file, with what it inherits. Without a format as it came; one that was made here as Pelican's YAML. */
export async function exportEgg({
  actor,
  egg,
  format,
}: {
  actor: Actor
  egg: EggRow
  format: ExportFormat | null
}): Promise<PrintedEgg & { name: string }> {
  const [variables, inherited] = await Promise.all([variablesOf(egg.id), inheritedOf(egg)])
  const printed = printEggFile({
    egg: definitionOf(egg, variables, inherited),
    source: sourceOf(egg),
    as: format && TARGETS[format],
    at: now(),
  })
  await recordActivity(useDrizzle(), {
    actor,
    event: 'admin:egg.export',
    target: { type: 'egg', id: egg.id },
    properties: { name: egg.name },
  })
  return { ...printed, name: `egg-${kebabOf(egg.name) || egg.uuid}.${printed.kind}` }
}

/** `Paper (1.21)` → `paper-1-21`. */
const kebabOf = (name: string) =>
  name
    .normalize('NFKD')
    .replace(/[^a-zA-Z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase()
    .slice(0, 80)
