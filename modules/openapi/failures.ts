import type { ServedRoute } from './served-route'

export const FAILURE = {
  type: 'object',
  description: 'What every refused request answers: one element, or one for each message about a field.',
  properties: {
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          code: {
            type: 'string',
            description: 'A short name that clients match on.',
            examples: ['NotFoundHttpException'],
          },
          status: { type: 'string', description: 'The status, as text.' },
          detail: { type: 'string', description: 'A sentence for people.' },
          meta: {
            type: 'object',
            description:
              'Of a field: its path and the rule that it broke. Of a fault: the id of the request. Beside them what the sentence names.',
            properties: {
              reason: { type: 'string', description: "The panel's own name of it.", examples: ['resource.not_found'] },
              source_field: { type: 'string' },
              rule: { type: 'string' },
              request_id: { type: 'string' },
            },
            additionalProperties: true,
          },
        },
        required: ['code', 'status', 'detail'],
      },
    },
  },
  required: ['errors'],
}

const answered = (description: string, headers?: Record<string, unknown>) => ({
  description,
  ...(headers && { headers }),
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } },
})

const number = (description: string) => ({ description, schema: { type: 'integer' } })

export const FAILURES_BY_STATUS = {
  400: answered('Refused: malformed JSON, a rule of the panel, or a demand on the account that is not met.'),
  401: answered('Nobody is known by what was sent.'),
  403: answered('The caller may not do this, or not from this address.'),
  404: answered('It does not exist, or not for the caller.'),
  409: answered('The server is in no state for it.'),
  419: answered("A session's write without the CSRF token, or from a page of somebody else's."),
  422: answered('Fields that are not valid, one element for each message.'),
  429: answered('Too many requests.', {
    'Retry-After': number('Seconds until it is worth trying again.'),
    'X-RateLimit-Reset': number('The same as a moment, in Unix seconds.'),
  }),
  default: answered(
    'Any other failure in the same form, among them what a node answered (502, 504), and 503 with Retry-After in maintenance or without the database.',
  ),
}

type FailureStatus = keyof typeof FAILURES_BY_STATUS

export function failuresFor({ endpoint, admits }: ServedRoute): FailureStatus[] {
  const { query, body } = endpoint.schemas as { query?: unknown; body?: unknown }
  const isWrite = endpoint.method !== 'GET'
  const isOpen = !admits || admits.who === 'anyone'
  const isNodes = admits?.who === 'node'
  const possible: [FailureStatus, boolean][] = [
    [400, true],
    [401, !isOpen],
    [403, !isOpen],
    [404, endpoint.path.includes(':')],
    [409, admits?.who === 'server' || endpoint.path.startsWith('/api/application/servers/:server')],
    [419, isWrite && !isNodes],
    [422, body !== undefined || query !== undefined],
    [429, !isNodes],
    ['default', true],
  ]
  return possible.filter(([, isPossible]) => isPossible).map(([status]) => status)
}
