import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { readFilters, readSorts } from '#server/http/filters'
import { answerMounts } from '#server/http/mounts'
import { pageOf } from '#server/serializers/envelope'
import { listMounts, MOUNT_FILTERS, MOUNT_SORTS } from '#server/services/mounts/queries'
import { mounts } from '#shared/contracts/application/mounts'

export default defineRoute(mounts.list, {
  access: administrator('mounts', 'read'),
  async handle({ actor, query, url }) {
    const found = await listMounts({
      actor,
      page: query.page,
      size: query.per_page,
      filters: readFilters(query.filter, MOUNT_FILTERS),
      sorts: readSorts(query.sort, MOUNT_SORTS),
    })
    const answers = await answerMounts(actor, query.include, found.rows)
    return pageOf({ ...found, rows: answers }, (answer) => answer, url)
  },
})
