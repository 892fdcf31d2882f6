import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import type { HostAddress } from '#server/database-engines/host-session'
import { withDatabase } from '../../support/database'

export interface PostgresqlHost {
  address: HostAddress
  ask: <Row>(statement: string) => Promise<Row[]>
  /** As somebody with an account there. */
  as: (username: string, password: string, database: string, statement: string) => Promise<unknown>
  close: () => Promise<void>
}

/** The tests' own cluster as a host: the panel's account may make databases and roles, and is no superuser. */
export async function postgresqlHost(): Promise<PostgresqlHost> {
  const maintenance = withDatabase(inject('templateUrl'), 'postgres')
  const { hostname, port } = new URL(maintenance)
  const root = new pg.Client({ connectionString: maintenance })
  await root.connect()
  const username = `panel_${randomBytes(4).toString('hex')}`
  const password = 'canary-postgresql-panel'
  await root.query(`create role ${username} login createdb createrole password '${password}'`)
  return {
    address: { engine: 'postgresql', host: hostname, port: Number(port), username, password, tlsMode: 'prefer' },
    ask: async <Row>(statement: string) => (await root.query(statement)).rows as Row[],
    async as(user, secret, database, statement) {
      const client = new pg.Client({ host: hostname, port: Number(port), user, password: secret, database })
      await client.connect()
      try {
        return (await client.query(statement)).rows
      } finally {
        await client.end()
      }
    },
    async close() {
      await root.query(`drop owned by ${username} cascade`)
      await root.query(`drop role ${username}`)
      await root.end()
    },
  }
}
