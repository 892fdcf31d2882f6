import { isForeignKeyViolation, isUniqueViolation } from '#server/database/errors'
import { refusedField } from '#server/errors'

/** What the database says of a node that cannot be stored, at the field that it is about. */
export function refuseNode(error: unknown): never {
  if (isUniqueViolation(error, 'wings_nodes_base_url_unique'))
    throw refusedField('fqdn', 'unique', 'Another node is reached at this name and port already.')
  if (isForeignKeyViolation(error)) throw refusedField('location_id', 'exists', 'The selected location id is invalid.')
  throw error
}
