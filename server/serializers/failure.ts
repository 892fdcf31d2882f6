import type { AppError } from '#server/errors'

/** A failure in the API's format: one entry, or one for each refused field. */
export function serializeFailure({ wire: code, status, message: detail, code: reason, values, fields }: AppError) {
  return fields.length === 0
    ? [{ code, status: String(status), detail, meta: { reason, ...values } }]
    : fields.map(({ field, rule, ...told }) => ({
        code,
        status: String(told.status ?? status),
        detail: told.detail,
        meta: { source_field: field, rule, reason, ...told.values },
      }))
}
