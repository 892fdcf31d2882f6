import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import openapiTypes, { astToString } from 'openapi-typescript'
import ts from 'typescript'
import { afterAll, expect, it } from 'vitest'
import { documentOf } from '../../../modules/openapi/entry'
import { createServer, eventually, panelWithNode, statusOf } from '../../support/panel-with-node'
import { makeApiKey, makeRootAdmin } from '../../support/factories'
import { routesUrl } from '../../support/routes'
import { makeKey } from '../../support/world'

/** What somebody writes who has generated types from the document. A wrong name in it does not compile. */
const CLIENT = `
import createClient from 'openapi-fetch'
import type { paths } from './paths'

export async function use({ baseUrl, accountKey, applicationKey, server }: Record<'baseUrl' | 'accountKey' | 'applicationKey' | 'server', string>) {
  const headers = (key: string) => ({ authorization: 'Bearer ' + key, accept: 'application/json' })
  const mine = createClient<paths>({ baseUrl, headers: headers(accountKey) })
  const all = createClient<paths>({ baseUrl, headers: headers(applicationKey) })

  const account = await mine.GET('/api/client/account')
  const name: string | undefined = account.data?.attributes.username

  const list = await mine.GET('/api/client', {
    params: { query: { per_page: 10, include: ['egg'], filter: { name: 'surv' } } },
  })
  const names: string[] | undefined = list.data?.data.map(({ attributes }) => attributes.name)

  const made = await mine.POST('/api/client/servers/{server}/backups', {
    params: { path: { server } },
    body: { name: 'by a generated client' },
  })
  const backup: string | undefined = made.data?.attributes.uuid

  const missing = await mine.GET('/api/client/servers/{server}', { params: { path: { server: '00000000' } } })
  const code: string | undefined = missing.error?.errors[0]?.code

  const user = await all.POST('/api/application/users', {
    body: { email: 'made@example.test', username: 'made', first_name: 'Ada', last_name: 'Lovelace' },
  })
  const resource: string | undefined = user.data?.meta.resource

  const users = await all.GET('/api/application/users', {
    params: { query: { filter: { email: 'made@' }, sort: ['-id'] } },
  })
  const total: number | undefined = users.data?.meta.pagination.total

  const removed = await all.DELETE('/api/application/users/{user}', {
    params: { path: { user: String(user.data?.attributes.id) } },
  })
  return { name, names, backup, code, resource, total, removed: removed.response.status }
}
`

// Below node_modules, where the packages that it imports are found.
const folder = join(process.cwd(), 'node_modules/.cache', `openapi-client-${process.pid}`)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('a client generated from the document compiles, and a wrong name in it does not', { timeout: 60_000 }, async () => {
  mkdirSync(folder, { recursive: true })
  const types = astToString(await openapiTypes(JSON.parse(JSON.stringify(documentOf('1.2.3'))), { silent: true }))
  writeFileSync(join(folder, 'paths.d.ts'), types)
  writeFileSync(join(folder, 'client.ts'), CLIENT)
  writeFileSync(join(folder, 'wrong.ts'), CLIENT.replace('/api/client/account', '/api/client/acount'))
  writeFileSync(join(folder, 'wrong-body.ts'), CLIENT.replace('last_name:', 'lastName:'))
  writeFileSync(join(folder, 'wrong-reply.ts'), CLIENT.replace('attributes.username', 'attributes.user_name'))
  writeFileSync(join(folder, 'wrong-include.ts'), CLIENT.replace("include: ['egg']", "include: ['eggs']"))

  const complaints = complaintsIn(['client.ts', 'wrong.ts', 'wrong-body.ts', 'wrong-reply.ts', 'wrong-include.ts'])
  expect(complaints['client.ts']).toEqual([])
  expect(complaints['wrong.ts']).not.toEqual([])
  expect(complaints['wrong-body.ts']).not.toEqual([])
  expect(complaints['wrong-reply.ts']).not.toEqual([])
  expect(complaints['wrong-include.ts']).not.toEqual([])
})

it('… and does what it says against a panel', async () => {
  const panel = await panelWithNode()
  await using _ = panel
  const { body } = await createServer(panel)
  const root = await makeRootAdmin()
  const { outputText } = ts.transpileModule(CLIENT, { compilerOptions: { target: ts.ScriptTarget.ESNext } })
  const file = join(folder, 'client.mjs')
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, outputText)
  const { use } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
    use: (given: Record<string, string>) => Promise<unknown>
  }

  const baseUrl = await routesUrl()
  const accountKey = (await makeApiKey(panel.owner.id)).token
  const applicationKey = (await makeKey(root, { users: 3 })).headers.authorization?.slice('Bearer '.length) ?? ''
  const server = body.attributes.identifier as string
  await eventually(statusOf(panel.callers.owner, server), (status) => status === null)
  expect(await use({ baseUrl, accountKey, applicationKey, server })).toEqual({
    name: panel.owner.username,
    names: ['Survival'],
    backup: expect.stringMatching(/^[0-9a-f-]{36}$/),
    code: 'NotFoundHttpException',
    resource: expect.stringContaining('/api/application/users/'),
    total: 1,
    removed: 204,
  })
})

function complaintsIn(files: string[]): Record<string, string[]> {
  const program = ts.createProgram(
    files.map((file) => join(folder, file)),
    {
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.Preserve,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: [],
      lib: ['lib.esnext.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    },
  )
  return Object.fromEntries(
    files.map((file) => {
      const source = program.getSourceFile(join(folder, file))
      const found = [...program.getSemanticDiagnostics(source), ...program.getSyntacticDiagnostics(source)]
      return [file, found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))]
    }),
  )
}
