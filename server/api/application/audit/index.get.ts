import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { readFilters } from '#server/http/filters'
import { mayAdminister } from '#server/policies/administration-policy'
import { serializeAuditPage } from '#server/serializers/application/audit'
import { AUDIT_FILTERS } from '#server/services/audit/conditions'
import { listAudit } from '#server/services/audit/list-audit'
import { audit } from '#shared/contracts/application/audit'

export default defineRoute(audit.list, {
  access: administrator('audit', 'read'),
  async handle({ actor, query }) {
    const filters = readFilters(query.filter, AUDIT_FILTERS)
    const seesAddresses = mayAdminister(actor, 'audit_addresses', 'read')
    const found = await listAudit({ actor, filters, seesAddresses, before: query.before, size: query.per_page })
    return serializeAuditPage(found, { seesAddresses })
  },
})
