import { z } from 'zod'
import { subuserPermissions } from '#server/database/json'
import type { EggVariableRow, ServerDatabaseRow, SubuserRow } from '#server/database/schema'
import { itemOf, rawStampOf, stampOf } from '../envelope'

/** As the API prints raw rows: with the moments of one. */
export const serializeServerVariable = ({ value, ...row }: EggVariableRow & { value: string | null }) =>
  itemOf('server_variable', {
    id: Number(row.id),
    egg_id: Number(row.eggId),
    name: row.name,
    description: row.description ?? '',
    env_variable: row.envVariable,
    default_value: row.defaultValue ?? '',
    user_viewable: row.userViewable,
    user_editable: row.userEditable,
    rules: row.rules ?? '',
    created_at: rawStampOf(row.createdAt),
    updated_at: rawStampOf(row.updatedAt),
    server_value: value,
  })

export const serializeSubuser = (row: SubuserRow) =>
  itemOf('subuser', {
    id: Number(row.id),
    user_id: Number(row.userId),
    server_id: Number(row.serverId),
    permissions: z.decode(subuserPermissions, row.permissions),
    created_at: stampOf(row.createdAt),
    updated_at: stampOf(row.updatedAt),
  })

/** Named in the plural, as this include always has been. */
export const serializeIncludedDatabase = (row: Omit<ServerDatabaseRow, 'password'>) =>
  itemOf('databases', {
    id: Number(row.id),
    server: Number(row.serverId),
    host: Number(row.databaseHostId),
    database: row.database,
    username: row.username,
    remote: row.remote,
    max_connections: row.maxConnections,
    created_at: stampOf(row.createdAt),
    updated_at: stampOf(row.updatedAt),
  })
