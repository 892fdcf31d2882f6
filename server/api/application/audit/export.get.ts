import { setResponseHeader } from 'h3'
import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { readFilters } from '#server/http/filters'
import { answerLines } from '#server/http/reply'
import { mayAdminister } from '#server/policies/administration-policy'
import { AUDIT_COLUMNS, auditLine } from '#server/serializers/application/audit'
import { AUDIT_FILTERS, statementOf } from '#server/services/audit/conditions'
import { exportAudit, recordExport } from '#server/services/audit/export-audit'
import { audit } from '#shared/contracts/application/audit'

export default defineRoute(audit.export, {
  access: administrator('audit', 'read'),
  async handle({ event, actor, query }) {
    const filters = readFilters(query.filter, AUDIT_FILTERS)
    const seesAddresses = mayAdminister(actor, 'audit_addresses', 'read')
    const asked = { actor, filters, seesAddresses }
    // What cannot be asked is refused before the first line is on its way.
    statementOf(asked)
    await recordExport(asked)

    setResponseHeader(event, 'content-disposition', 'attachment; filename="audit.csv"')
    answerLines(event, linesOf(exportAudit(asked), { seesAddresses }), 'text/csv; charset=utf-8')
  },
})

async function* linesOf(pieces: ReturnType<typeof exportAudit>, shown: { seesAddresses: boolean }) {
  yield `\uFEFF${AUDIT_COLUMNS}\r\n`
  for await (const { rows, names } of pieces) yield rows.map((row) => auditLine(row, names, shown)).join('')
}
