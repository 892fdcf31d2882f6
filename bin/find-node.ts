import { OperatorError } from '#server/env/operator-error'

/** By number, name or uuid. */
export async function findNode(named: string) {
  const { findNodeNamed } = await import('#server/services/nodes/find-node')
  const found = await findNodeNamed(named)
  if (!found) throw new OperatorError(`There is no node ${named}.`)
  return found
}
