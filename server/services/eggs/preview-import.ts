import { useDrizzle } from '#server/database/client'
import { planImport, type ImportPlan, type ImportTarget } from '#server/services/eggs/plan-import'

/** What an import would do; nothing is changed. */
export const previewImport = (target: ImportTarget): Promise<ImportPlan> =>
  useDrizzle().transaction((tx) => planImport(tx, target))
