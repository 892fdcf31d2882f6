import { eq, inArray } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { isUniqueViolation } from '#server/database/errors'
import { only } from '#server/database/rows'
import { roleGrants, roleNodes, roles, wingsNodes } from '#server/database/schema'
import { AppError, refusedField } from '#server/errors'
import { notify } from '#server/events/notify'
import { reachesNode } from '#server/policies/administration-policy'
import { beyond, type Rights } from '#server/policies/role-policy'
import { tellNodes } from '#server/services/access/tell-nodes'
import { recordActivity } from '#server/services/activity/record-activity'
import { asOfNow, rightsOf } from '#server/services/users/rights'
import type { UpdateRoleBody } from '#shared/contracts/application/roles'
import { ADMIN_RESOURCES, type Grants } from '#shared/permissions'
import { getRole, membersOf, rightsOfRole, type RoleView } from './queries'
import { closeBeforeChange, lockPeople } from './rights-change'

interface SaveRole {
  actor: Actor
  asked: UpdateRoleBody
}

/** Nobody gives what he lacks. @throws {AppError} `role.beyond_rights` */
export function refuseBeyond(actor: Actor, rights: Rights): void {
  const lacking = beyond(actor, rights)
  if (lacking.length > 0) throw new AppError('role.beyond_rights', { values: { resources: lacking.join(', ') } })
}

/** @throws {AppError} `role.beyond_rights`, `request.invalid` (a name that is taken, a node that is none) */
export function createRole({ actor, asked }: SaveRole & { asked: { name: string } }): Promise<RoleView> {
  return useDrizzle()
    .transaction(async (tx) => {
      const administrator = await asOfNow(tx, actor, 'roles')
      const restricted = asked.is_node_restricted ?? false
      const { id } = only(
        await tx
          .insert(roles)
          .values({ name: asked.name, description: asked.description ?? null, isNodeRestricted: restricted })
          .returning(),
      )
      await writeGrants(tx, id, asked.grants ?? {})
      await writeNodes(tx, administrator, id, restricted ? (asked.node_ids ?? []) : [])
      const view = await getRole(id, tx)
      refuseBeyond(administrator, rightsOfRole(view))
      await recordActivity(tx, {
        actor,
        event: 'admin:role.create',
        target: { type: 'role', id },
        properties: { ...describe(view) },
      })
      await notify(tx, 'administration', { what: 'roles' })
      return view
    })
    .catch(taken)
}

/**
 * What is left out stays. Neither the role nor what its members hold with it may be more than the caller has, before or
 * after. Whoever has it loses his open consoles where the change touches servers or nodes.
 *
 * @throws {AppError} `role.beyond_rights`, `request.invalid` (a name that is taken, a node that is none)
 */
export async function updateRole({ actor, role, asked }: SaveRole & { role: { id: string } }): Promise<RoleView> {
  const { saved, toTell } = await useDrizzle()
    .transaction(async (tx) => {
      // Held against an assignment, which would be weighed by what the role gave before.
      await tx.select({ id: roles.id }).from(roles).where(eq(roles.id, role.id)).for('update')
      const before = await getRole(role.id, tx)
      // Before anything is written: the role may be one of his own.
      const administrator = await asOfNow(tx, actor, 'roles')
      refuseBeyond(administrator, rightsOfRole(before))

      const members = await lockPeople(
        tx,
        (await membersOf([role.id], tx)).map(({ user }) => user.id),
      )
      const changesRights = changes(before, asked)
      const revoked = changesRights
        ? await closeBeforeChange(
            tx,
            members,
            await rightsOf(
              tx,
              members.map(({ id }) => id),
            ),
          )
        : []

      const isNodeRestricted = asked.is_node_restricted ?? before.role.isNodeRestricted
      await tx
        .update(roles)
        .set({
          isNodeRestricted,
          ...(asked.name !== undefined && { name: asked.name }),
          ...(asked.description !== undefined && { description: asked.description }),
        })
        .where(eq(roles.id, role.id))
      if (asked.grants) await writeGrants(tx, role.id, asked.grants)
      if (!isNodeRestricted) await writeNodes(tx, administrator, role.id, [])
      else if (asked.node_ids) await writeNodes(tx, administrator, role.id, asked.node_ids)

      const after = await getRole(role.id, tx)
      refuseBeyond(administrator, rightsOfRole(after))
      if (changesRights) {
        const held = await rightsOf(
          tx,
          members.map(({ id }) => id),
        )
        for (const rights of held.values()) if (!rights.isRootAdmin) refuseBeyond(administrator, rights)
      }

      await recordActivity(tx, {
        actor,
        event: 'admin:role.update',
        target: { type: 'role', id: role.id },
        properties: differences(describe(before), describe(after)),
      })
      await notify(tx, 'administration', { what: 'roles' })
      return { saved: after, toTell: revoked }
    })
    .catch(taken)
  await tellNodes(toTell)

  return saved
}

/** Whether the role gives something else afterwards: a form sends all of it, whatever was changed. */
function changes({ role, grants, nodes }: RoleView, asked: UpdateRoleBody): boolean {
  const isRestricted = asked.is_node_restricted ?? role.isNodeRestricted
  if (isRestricted !== role.isNodeRestricted) return true
  const [before, after] = [new Set(nodes.map(({ id }) => id)), new Set(asked.node_ids?.map(String))]
  if (isRestricted && asked.node_ids && before.symmetricDifference(after).size > 0) return true
  return ADMIN_RESOURCES.some((name) => ((asked.grants ?? grants)[name] ?? 0) !== (grants[name] ?? 0))
}

async function writeGrants(tx: Executor, roleId: string, grants: Grants): Promise<void> {
  await tx.delete(roleGrants).where(eq(roleGrants.roleId, roleId))
  const rows = Object.entries(grants).flatMap(([resource, level]) => (level ? [{ roleId, resource, level }] : []))
  if (rows.length > 0) await tx.insert(roleGrants).values(rows)
}

/** A node beyond the caller's own roles does not exist for him. */
async function writeNodes(tx: Executor, actor: Actor, roleId: string, asked: readonly number[]): Promise<void> {
  const ids = asked.map(String)
  const found =
    ids.length === 0 ? [] : await tx.select({ id: wingsNodes.id }).from(wingsNodes).where(inArray(wingsNodes.id, ids))
  const known = new Set(found.map(({ id }) => id).filter((id) => reachesNode(actor, id)))
  const fields = ids.flatMap((id, place) =>
    known.has(id)
      ? []
      : [{ field: `node_ids.${place}`, rule: 'exists', detail: `The selected node_ids.${place} is invalid.` }],
  )
  if (fields.length > 0) throw new AppError('request.invalid', { fields })

  await tx.delete(roleNodes).where(eq(roleNodes.roleId, roleId))
  if (known.size > 0) await tx.insert(roleNodes).values([...known].map((nodeId) => ({ roleId, nodeId })))
}

const describe = ({ role, grants, nodes }: RoleView) => ({
  name: role.name,
  description: role.description,
  grants,
  nodes: role.isNodeRestricted ? nodes.map(({ name }) => name) : null,
})
type Described = ReturnType<typeof describe>

function differences(before: Described, after: Described) {
  const changed = (Object.keys(after) as (keyof Described)[]).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  )
  return {
    name: after.name,
    before: Object.fromEntries(changed.map((key) => [key, before[key]])),
    after: Object.fromEntries(changed.map((key) => [key, after[key]])),
  }
}

const taken = (error: unknown): never => {
  throw isUniqueViolation(error) ? refusedField('name', 'unique', 'The name has already been taken.') : error
}
