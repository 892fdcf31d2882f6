import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { request } from '../support/api'
import { createServer, eventually, panelWithNode, statusOf, type PanelWithNode } from '../support/panel-with-node'
import type { Fault } from '../../simulator/faults.ts'

let panel: PanelWithNode
let path: string
beforeAll(async () => {
  panel = await panelWithNode()
  const { body } = await createServer(panel)
  await eventually(statusOf(panel.callers.owner, body.attributes.identifier), (status) => status === null)
  path = `/api/client/servers/${body.attributes.identifier}`
})
afterAll(() => panel.wings.stop())
beforeEach(() => panel.wings.faults.clear())

const errorOf = async (signature: string, body?: unknown) => {
  const reply = await request(signature, { as: panel.callers.owner, body })
  const [first, ...more] = reply.body.errors
  expect(more).toEqual([])
  expect(first.status).toBe(String(reply.status))
  expect(reply.headers.get('content-type')).toMatch(/^application\/json/)
  return first
}

const UNREACHABLE = 'Could not establish a connection to the machine running this server. Please try again.'
const broken = (status: number | string) =>
  new RegExp(
    `^There was an error while communicating with the machine running this server\\. This error has been logged, please try again\\. \\(code: ${status}\\) \\(request_id: [^)]+\\)$`,
  )

describe('what a node does wrong reaches the caller in the words of the API', () => {
  it.each<[string, Fault, number, string | RegExp]>([
    ['hangs up', { kind: 'dying', handled: false }, 504, UNREACHABLE],
    [
      'refuses with a sentence',
      { kind: 'refusing', status: 422, body: { error: 'no such file' } },
      422,
      /^An error occurred on the remote host: no such file\. \(request id: [^)]+\)$/,
    ],
    ['is broken inside', { kind: 'refusing', status: 500, body: { error: 'secret path /srv' } }, 500, broken(500)],
    ['stands behind a broken proxy', { kind: 'refusing', status: 502, body: '<html>Bad Gateway' }, 502, broken(502)],
    ['answers with a page', { kind: 'refusing', status: 200, body: '<html>Welcome to nginx' }, 502, broken('\\d+')],
    ['breaks off in its answer', { kind: 'dying', handled: true }, 502, broken('\\d+')],
  ])('when it %s', async (_, fault, status, detail) => {
    panel.wings.faults.add({ on: 'GET /api/servers/*/files/list-directory', fault })
    const error = await errorOf(`GET ${path}/files/list`)
    expect(error).toMatchObject({ code: 'DaemonConnectionException', status: String(status) })
    expect(error.detail).toMatch(detail)
    expect(JSON.stringify(error)).not.toContain('/srv')
  })

  it('when its live values cannot be had: 504, whatever it said', async () => {
    for (const status of [404, 500]) {
      panel.wings.faults.add({ on: 'GET /api/servers/*', fault: { kind: 'refusing', status, body: { error: 'no' } } })
      const error = await errorOf(`GET ${path}/resources`)
      expect(error).toMatchObject({ code: 'DaemonConnectionException', status: '504' })
    }
  })

  it('when a server is off that should hear a command', async () => {
    panel.wings.faults.add({ on: 'POST /api/servers/*/commands', fault: { kind: 'refusing', status: 502, body: {} } })
    expect(await errorOf(`POST ${path}/command`, { command: 'say hi' })).toMatchObject({
      code: 'HttpException',
      status: '502',
      detail: 'Server must be online in order to send commands.',
    })
  })
})
