import { onNode } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { readDiagnostics } from '#server/services/nodes/read-diagnostics'
import { nodes } from '#shared/contracts/application/nodes'

export default defineRoute(nodes.diagnostics, {
  // Its log names people, addresses and commands.
  access: onNode('nodes', 'write'),
  handle: async ({ node, query }) => ({ text: await readDiagnostics(node, { lines: query.lines }) }),
})
