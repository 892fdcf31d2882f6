import { z } from 'zod'
import { subuserPermissions } from '#server/database/json'
import type { EggVariableRow, ServerDatabaseRow, SubuserRow } from '#server/database/schema'
import { itemOf, stampOf } from '../envelope'
import { rawVariableOf } from './egg'

export const serializeServerVariable = ({ value, ...row }: EggVariableRow & { value: string | null }) =>
  itemOf('server_variable', { ...rawVariableOf(row), server_value: value })

export const serializeSubuser = (row: SubuserRow) =>
  itemOf('subuser', {
    id: Number(row.id),
    user_id: Number(row.userId),
    server_id: Number(row.serverId),
    permissions: z.decode(subuserPermissions, row.permissions),
    created_at: stampOf(row.createdAt),
    updated_at: stampOf(row.updatedAt),
  })

export const databaseAttributesOf = (row: Omit<ServerDatabaseRow, 'password'>) => ({
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

/** Named in the plural, as this include always has been. */
export const serializeIncludedDatabase = (row: Omit<ServerDatabaseRow, 'password'>) =>
  itemOf('databases', databaseAttributesOf(row))
