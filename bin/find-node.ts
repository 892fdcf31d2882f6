import { OperatorError } from '#server/env/operator-error'
import type { WingsNodeRow } from '#server/database/schema'

/** By number, name or uuid. */
export async function findNode(named: string): Promise<WingsNodeRow> {
  const { findNodeNamed } = await import('#server/services/nodes/find-node')
  const found = await findNodeNamed(named)
  if (!found) throw new OperatorError(`There is no node ${named}.`)
  return found
}
