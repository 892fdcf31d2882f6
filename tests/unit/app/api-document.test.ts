import { describe, expect, it } from 'vitest'
import {
  curlFor,
  endpointsOf,
  exampleOf,
  fieldsOf,
  type ApiDocument,
  type Operation,
} from '../../../app/utils/api-document'

const operation: Operation = {
  operationId: 'postThings',
  tags: ['Things'],
  parameters: [{ name: 'mode', in: 'query', required: true, schema: { type: 'string' } }],
  requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Body' } } } },
  responses: {},
  'x-access': { who: 'administrator', rights: ['servers:write'], keys: ['session', 'account', 'application'] },
}
const document: ApiDocument = {
  info: { version: '1' },
  tags: [],
  paths: { '/api/things': { post: operation } },
  components: {
    responses: {},
    schemas: {
      Body: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string', minLength: 1, maxLength: 5 },
          tags: { type: 'array', items: { type: 'string' } },
          owner: { anyOf: [{ $ref: '#/components/schemas/Owner' }, { type: 'null' }] },
        },
      },
      Owner: { type: 'object', properties: { id: { type: 'integer' }, of: { $ref: '#/components/schemas/Body' } } },
    },
  },
}
const body = { $ref: '#/components/schemas/Body' }

describe('the fields of a body', () => {
  it('stand in lines, each with the way to it, its type and its limits', () => {
    expect(fieldsOf(body, document).slice(0, 4)).toEqual([
      { path: 'name', type: 'string', isRequired: true, note: '1…5' },
      { path: 'tags', type: 'string[]', isRequired: false, note: '' },
      { path: 'owner', type: 'object | null', isRequired: false, note: '' },
      { path: 'owner.id', type: 'integer', isRequired: false, note: '' },
    ])
  })

  it('end, where an object holds itself', () => {
    expect(fieldsOf(body, document).length).toBeLessThan(100)
    expect(JSON.stringify(exampleOf(body, document)).length).toBeLessThan(2000)
  })
})

it('a line for a terminal has the key that opens it and the least that has to be sent', () => {
  const [endpoint] = endpointsOf(document)
  expect(endpoint && curlFor(endpoint, document, 'https://panel.example').split(' \\\n  ')).toEqual([
    "curl -X POST 'https://panel.example/api/things?mode=…'",
    "-H 'Authorization: Bearer ptla_…'",
    "-H 'Accept: application/json'",
    "-H 'Content-Type: application/json'",
    `-d '{"name":"text"}'`,
  ])
})
