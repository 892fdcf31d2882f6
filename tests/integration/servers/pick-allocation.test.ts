import { describe, expect, it } from 'vitest'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { pickAllocation } from '#server/services/servers/pick-allocations'
import { makeAllocation, makeNode } from '../../support/factories'

const wanted = {
  locationIds: [],
  tags: [],
  dedicatedIp: false,
  portRanges: [],
  memory: 0,
  disk: 0,
  cpu: 0,
  nodeIds: null,
}

describe('pickAllocation', () => {
  it('takes a node that gives no answer only when no other has a free port', async () => {
    const [silent, answering] = [await makeNode({ unreachableSince: now() }), await makeNode()]
    for (let at = 0; at < 20; at++) await makeAllocation(silent.id)
    const only = await makeAllocation(answering.id)
    const pick = () => useDrizzle().transaction((tx) => pickAllocation(tx, wanted))

    expect((await pick()).id).toBe(only.id)
    const held = useDrizzle().transaction(async (tx) => {
      expect((await pickAllocation(tx, wanted)).nodeId).toBe(answering.id)
      // The other one is held by now.
      expect((await pick()).nodeId).toBe(silent.id)
    })
    await held
  })
})
