import { FAILURES, type FailureCode, type FailureValues } from '#shared/errors'

/** One refused field: its dotted path, the rule in the API's words (`required`, `max`, `p_username`), the sentence. */
export interface FieldFailure {
  field: string
  rule: string
  detail: string
  values?: Record<string, string | number>
  /** Where it differs from the status of the reply. */
  status?: number
}

interface Optional {
  /** 422 only: one entry each on the wire. */
  fields?: FieldFailure[]
  /** A node's own status, where it differs from the usual one. */
  status?: number
  retryAfterSeconds?: number
  cause?: unknown
}

type Told<Code extends FailureCode> = keyof FailureValues<Code> extends never
  ? [told?: Optional & { values?: Record<string, string | number> }]
  : [told: Optional & { values: FailureValues<Code> }]

/** A failure the caller can act on. Anything else that is thrown is a bug and is reported as one. */
export class AppError<Code extends FailureCode = FailureCode> extends Error {
  readonly code: Code
  readonly status: number
  readonly wire: string
  readonly values: Record<string, string | number>
  readonly fields: FieldFailure[]
  readonly retryAfterSeconds: number | undefined

  constructor(code: Code, ...[told = {} as never]: Told<Code>) {
    const { status, wire, detail } = FAILURES[code]
    const { values = {}, fields = [], cause } = told as Optional & { values?: Record<string, string | number> }
    super(
      detail.replace(/\{(\w+)\}/g, (slot, name: string) => String((values as Record<string, unknown>)[name] ?? slot)),
      { cause },
    )
    this.name = 'AppError'
    this.code = code
    this.status = told.status ?? status
    this.wire = wire
    this.values = values
    this.fields = fields
    this.retryAfterSeconds = told.retryAfterSeconds
  }
}

/** A refusal of one field by a service: what the schema cannot know, such as uniqueness. */
export function refusedField(field: string, rule: string, detail: string): AppError<'request.invalid'> {
  return new AppError('request.invalid', { fields: [{ field, rule, detail }] })
}
