import type { Actor } from '#server/auth/actor'
import { AppError } from '#server/errors'
import { mayAdminister } from '#server/policies/administration-policy'
import { LEVEL, type AdminResource, type Grants, type Level } from '#shared/permissions'

/** Nobody gives a key more than he holds. @throws {AppError} `api_key.beyond_rights` */
export function refuseBeyondRights(actor: Actor, carries: Grants): void {
  const beyond = Object.entries(carries).filter(([resource, given]) =>
    (Object.keys(LEVEL) as Level[]).some(
      (level) => (given & LEVEL[level]) !== 0 && !mayAdminister(actor, resource as AdminResource, level),
    ),
  )
  if (beyond.length > 0)
    throw new AppError('api_key.beyond_rights', { values: { resources: beyond.map(([name]) => name).join(', ') } })
}
