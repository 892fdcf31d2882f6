import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runTool } from '../support/tools'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xyra-migrations-'))
  await cp('drizzle', folder, { recursive: true })
})

afterAll(() => rm(folder, { recursive: true, force: true }))

it('the migrations say what the tables say', async () => {
  const out = relative('.', folder) // it takes no other form
  const args = ['generate', '--dialect', 'postgresql', '--schema', 'server/database/schema.ts', '--out', out]
  const { code, output } = await runTool('drizzle-kit', args)

  expect(code, output).toBe(0)
  expect(output).toContain('No schema changes')
  expect((await readdir(folder)).toSorted()).toEqual((await readdir('drizzle')).toSorted())
})

it('every migration is in the journal, in its order', async () => {
  const { entries } = JSON.parse(await readFile('drizzle/meta/_journal.json', 'utf8')) as {
    entries: { tag: string; when: number }[]
  }
  const files = (await readdir('drizzle')).filter((name) => name.endsWith('.sql')).toSorted()

  expect(entries.map(({ tag }) => `${tag}.sql`)).toEqual(files)
  expect(entries.map(({ when }) => when)).toEqual(entries.map(({ when }) => when).toSorted((one, other) => one - other))
})
