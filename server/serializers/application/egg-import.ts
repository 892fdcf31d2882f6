import type { ImportPlan } from '#server/services/eggs/plan-import'
import type { eggImport } from '#shared/contracts/application/eggs'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf } from '../envelope'

export const serializeEggImport = (format: string, plan: ImportPlan): Wire<typeof eggImport> =>
  itemOf('egg_import', {
    format,
    name: plan.definition.name,
    egg: plan.egg && Number(plan.egg.id),
    nest: plan.nest && Number(plan.nest.id),
    servers_count: plan.serversCount,
    changes: plan.changes,
    variables: plan.variableChanges,
    changes_script: plan.changesScript,
  })
