import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startDatabase } from '../../server/database/embedded.ts'
import { migrateDatabase } from '../../server/database/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A migrated database that every test file gets a copy of. Nobody connects to it. */
    templateUrl: string
  }
}

interface DatabaseServer {
  url: string
  stop: () => Promise<void>
}

/** A PostgreSQL for the whole run, and in it one migrated database. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await provideServer()
  const template = named('template')
  await command(server.url, `create database ${template}`)
  const templateUrl = withDatabase(server.url, template)
  await migrateDatabase({ url: templateUrl, folder: 'drizzle' })
  project.provide('templateUrl', templateUrl)

  return async () => {
    await command(server.url, `drop database ${template} with (force)`)
    await server.stop()
  }
}

async function provideServer(): Promise<DatabaseServer> {
  if (process.env.TEST_DATABASE_URL) {
    return { url: process.env.TEST_DATABASE_URL, stop: async () => {} }
  }
  if (process.env.TEST_DATABASE === 'docker') {
    const { PostgreSqlContainer } = await import('@testcontainers/postgresql')
    const container = await new PostgreSqlContainer(process.env.TEST_POSTGRES_IMAGE ?? 'postgres:18-alpine').start()
    return { url: container.getConnectionUri(), stop: async () => void (await container.stop()) }
  }

  return startDatabase({ isEphemeral: true, database: 'tests', settings: { max_connections: 300 } })
}

export interface OwnDatabase {
  url: string
  drop: () => Promise<void>
}

/** A copy of the template, or an empty database beside it. */
export async function makeDatabase(templateUrl: string, { isEmpty = false } = {}): Promise<OwnDatabase> {
  const name = named('test')
  const maintenanceUrl = withDatabase(templateUrl, 'postgres')
  const template = isEmpty ? 'template0' : new URL(templateUrl).pathname.slice(1)
  await command(maintenanceUrl, `create database ${name} template ${template}`)

  return {
    url: withDatabase(templateUrl, name),
    drop: () => command(maintenanceUrl, `drop database ${name} with (force)`),
  }
}

/** Of the file that asks: every connection to its database breaks, and none is made. */
export async function whileDatabaseIsAway(act: () => Promise<unknown>): Promise<void> {
  const url = process.env.DATABASE_URL ?? ''
  const name = new URL(url).pathname.slice(1)
  const maintenance = withDatabase(url, 'postgres')
  await command(maintenance, `alter database ${name} with allow_connections false`)
  try {
    await command(maintenance, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`)
    await act()
  } finally {
    await command(maintenance, `alter database ${name} with allow_connections true`)
  }
}

const named = (what: string) => `xyra_${what}_${randomUUID().slice(0, 8)}`

export function withDatabase(url: string, name: string): string {
  const address = new URL(url)
  address.pathname = `/${name}`
  return address.href
}

async function command(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
