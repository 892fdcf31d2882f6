import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp, createRouter, defineEventHandler, toNodeListener } from 'h3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { refuseWritesToPages, unmatched } from '#server/http/unmatched'

/** A router as the built panel has it: routes, what answers below the API, and pages for everything else. */
const router = createRouter()
router.add(
  '/auth/login',
  defineEventHandler(() => 'signed in'),
  'post',
)
router.add(
  '/api/thing',
  defineEventHandler(() => 'a thing'),
  'get',
)
router.use('/api/**', unmatched)
router.use(
  '/**',
  defineEventHandler(() => 'a page'),
)
refuseWritesToPages(router)
const server = createServer(toNodeListener(createApp().use(router)))

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => server.close())

async function ask(method: string, path: string) {
  const { port } = server.address() as AddressInfo
  const reply = await fetch(`http://127.0.0.1:${port}${path}`, { method })
  return { status: reply.status, text: await reply.text(), allow: reply.headers.get('allow') }
}

it('answers who reads with the page, and who writes in the format of the API', async () => {
  for (const path of ['/', '/servers/a1b2c3d4', '/auth/nowhere', '/auth/login'])
    expect(await ask('GET', path)).toMatchObject({ status: 200, text: 'a page' })
  for (const path of ['/', '/servers/a1b2c3d4', '/auth/nowhere'])
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const { status, text } = await ask(method, path)
      expect([status, JSON.parse(text).errors[0].code]).toEqual([404, 'NotFoundHttpException'])
    }
})

it('keeps the routes, and names their verbs to who comes with another', async () => {
  expect((await ask('POST', '/auth/login')).text).toBe('signed in')
  for (const method of ['PUT', 'PATCH', 'DELETE', 'PUT']) {
    const { status, text, allow } = await ask(method, '/auth/login')
    expect([status, JSON.parse(text).errors[0].code, allow]).toEqual([
      405,
      'MethodNotAllowedHttpException',
      'POST, OPTIONS',
    ])
    expect((await ask(method, '/api/thing')).allow).toBe('GET, HEAD, OPTIONS')
  }
  expect(await ask('HEAD', '/api/thing')).toMatchObject({ status: 200, text: '' })
  expect(await ask('OPTIONS', '/api/thing')).toMatchObject({ status: 204, allow: 'GET, HEAD, OPTIONS' })
})
