import { registerEndpoint } from '@nuxt/test-utils/runtime'
import { getQuery } from 'h3'
import { expect, it, vi } from 'vitest'
import { within } from '../panel/stage'
import { signIn } from '../signed-in'
import { node } from './node'

it('finds a node beyond those that are listed at once, by what is typed', async () => {
  signIn({ is_root_admin: true })
  const asked: string[] = []
  registerEndpoint('/api/application/nodes', (event) => {
    const query = getQuery(event)
    asked.push(String(query['filter[*]'] ?? ''))
    const found = query['filter[*]'] === 'far' ? [{ ...node, id: 900, name: 'far-away' }] : [node]
    return {
      object: 'list',
      data: found.map((attributes) => ({ object: 'node', attributes })),
      meta: { pagination: { total: 900, count: 1, per_page: 500, current_page: 1, total_pages: 2, links: {} } },
    }
  })
  const term = ref('')
  const { nodes } = await within(() => useNodeChoices(() => term.value))
  await vi.waitFor(() => expect(nodes.value.map(({ id }) => id)).toEqual([node.id]))
  term.value = 'far'
  await vi.waitFor(() => expect(nodes.value.map(({ id }) => id)).toEqual([node.id, 900]))
  expect(asked).toEqual(['', 'far'])
  // What was found stays when the field is emptied: it may have been chosen.
  term.value = ''
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(nodes.value).toHaveLength(2)
})
