import { onNode } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeNodeCheck } from '#server/serializers/application/node-check'
import { reportBrowserCheck } from '#server/services/nodes/report-browser-check'
import { nodes } from '#shared/contracts/application/nodes'

export default defineRoute(nodes.reportBrowser, {
  access: onNode('nodes', 'read'),
  handle: async ({ node, body }) => serializeNodeCheck(await reportBrowserCheck({ node, steps: body.steps })),
})
