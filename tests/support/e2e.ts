import type { TestProject } from 'vitest/node'
import provideTemplate, { makeDatabase } from './database.ts'
import { startPanel } from './panel.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the built panel, on an empty database, before its set-up. Without a slash at its end. */
    baseUrl: string
    databaseUrl: string
  }
}

/** One built panel for the whole project. A file that wants one to itself copies `templateUrl` and starts its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const removeTemplate = await provideTemplate(project)
  const database = await makeDatabase(project.getProvidedContext().templateUrl)
  const panel = await startPanel({ DATABASE_URL: database.url })
  project.provide('baseUrl', panel.url)
  project.provide('databaseUrl', database.url)

  return async () => {
    await panel.stop()
    await database.drop()
    await removeTemplate()
  }
}
