import { setResponseHeader } from 'h3'
import type { Person } from '#server/auth/actor'
import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { readFilters } from '#server/http/filters'
import { answerLines } from '#server/http/reply'
import { ACTIVITY_COLUMNS, activityLine } from '#server/serializers/client/activity'
import { ACTIVITY_FILTERS } from '#server/services/activity/list-activity'
import { exportServerActivity } from '#server/services/activity/list-server-activity'
import { serverActivity } from '#shared/contracts/client/activity'

export default defineRoute(serverActivity.export, {
  access: onServer('activity.read'),
  async handle({ event, actor, server, query }) {
    const pieces = exportServerActivity(server, readFilters(query.filter, ACTIVITY_FILTERS))
    setResponseHeader(event, 'content-disposition', `attachment; filename="activity-${server.identifier}.csv"`)
    answerLines(event, linesOf(pieces, actor), 'text/csv; charset=utf-8')
  },
})

async function* linesOf(pieces: ReturnType<typeof exportServerActivity>, viewer: Person) {
  yield `\uFEFF${ACTIVITY_COLUMNS}\r\n`
  for await (const rows of pieces) yield rows.map((row) => activityLine(row, viewer)).join('')
}
