import type { UpdateCheck } from '#server/services/eggs/check-updates'
import type { EggFile } from '#server/services/eggs/format/read-egg-file'
import type { ImportPlan } from '#server/services/eggs/plan-import'
import { serializeFailure } from '#server/serializers/failure'
import type { eggImport, eggUpdate } from '#shared/contracts/application/eggs'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf } from '../envelope'

export const serializeEggImport = (
  { format, hash }: Pick<EggFile, 'format' | 'hash'>,
  plan: ImportPlan,
): Wire<typeof eggImport> =>
  itemOf('egg_import', {
    format,
    name: plan.definition.name,
    egg: plan.egg && Number(plan.egg.id),
    nest: plan.nest && Number(plan.nest.id),
    servers_count: plan.serversCount,
    changes: plan.changes,
    variables: plan.variableChanges,
    changes_script: plan.changesScript,
    hash,
    egg_hash: plan.eggHash,
  })

export const serializeEggUpdate = ({ egg, isReady, failure }: UpdateCheck): Wire<typeof eggUpdate> =>
  itemOf('egg_update', {
    egg: Number(egg.id),
    name: egg.name,
    is_ready: isReady,
    errors: failure && serializeFailure(failure),
  })
