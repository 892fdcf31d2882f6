import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { serverAllocations, servers } from '#server/database/schema'
import { isNormal, isOk, OPERATIONS, type Operation, type Subject } from '../support/crash-operations'
import { becomes, setCrashStage, type Answer, type CrashStage } from '../support/crash-stage'

/*
 * Each program is killed while everything is under way at once, and started again. Afterwards nothing is lost, nothing is
 * there twice, and nothing waits for ever.
 */

type Moment = 'before the node is told' | 'before its answer is heard' | 'before it has reported'

const CRASHES: ['panel' | 'database' | 'node' | 'target', Moment][] = [
  ['panel', 'before the node is told'],
  ['panel', 'before its answer is heard'],
  ['panel', 'before it has reported'],
  ['database', 'before the node is told'],
  ['database', 'before its answer is heard'],
  ['database', 'before it has reported'],
  ['node', 'before its answer is heard'],
  ['node', 'before it has reported'],
  // The other end of a transfer; nothing else is its business.
  ['target', 'before it has reported'],
]

let stage: CrashStage
let crashes = 0
beforeAll(async () => {
  stage = await setCrashStage('pterodactyl')
})
afterAll(() => stage.close())

async function makeSubject(operation: string, { prepare }: Operation): Promise<Subject> {
  const name = `${operation} ${crashes}`
  if (operation === 'create') return { name, id: '', uuid: '' }
  const made = await stage.call('POST /api/application/servers', await stage.serverBody(name, { skip_scripts: true }))
  if (!made || !isOk(made)) throw new Error(`No server could be made: ${JSON.stringify(made)}`)
  const subject = { name, id: String(made.body.attributes.id), uuid: String(made.body.attributes.uuid) }
  await isNormal(stage, subject)
  await prepare?.(stage, subject)
  return subject
}

function holdAt(moment: Moment, { asks, reports }: Operation, subject: Subject, others: readonly Subject[]) {
  const { gate } = stage.nodes[0]
  if (moment === 'before the node is told') return gate.hold(asks(subject), 'before')
  if (moment === 'before its answer is heard' || !reports) return gate.hold(asks(subject), 'after')
  return stage.gate.hold(reports(subject, others), 'before')
}

describe.each(CRASHES)('kill -9 of the %s, %s', (program, moment) => {
  const concerned = Object.entries(OPERATIONS).filter(([name]) => program !== 'target' || name === 'transfer')
  const under = concerned.map(([name, operation]) => ({
    name,
    operation,
    subject: undefined as Subject | undefined,
    answer: null as Answer | null,
  }))

  beforeAll(async () => {
    crashes++
    const { panel, database, nodes } = stage
    const victim = { panel, database, node: nodes[0], target: nodes[1] }[program]
    await Promise.all(under.map(async (one) => (one.subject = await makeSubject(one.name, one.operation))))
    const subjects = under.flatMap(({ subject }) => subject ?? []).filter(({ uuid }) => uuid !== '')
    const held = under.map(({ operation, subject }) => holdAt(moment, operation, subject as Subject, subjects))
    const answers = under.map(({ operation, subject }) => operation.begin(stage, subject as Subject))
    await Promise.all(held.map(({ reached }) => reached))
    await victim.kill()
    // What a dead panel asked goes no further. Let go before that is noticed, it would arrive beside what is asked after the start.
    if (program === 'panel' && moment !== 'before it has reported') await Promise.all(held.map(({ left }) => left))
    for (const { release } of held) release()
    await victim.start()
    for (const [index, answer] of answers.entries()) Object.assign(under[index] ?? {}, { answer: await answer })
    await becomes('the panel', () => stage.call('GET /api/application/servers'), isOk)
  })
  // What waits for its time has it now.
  beforeEach(() => {
    const over = new AbortController()
    const clock = (async () => {
      while (!over.signal.aborted) {
        await stage.hurry().catch(() => {})
        await new Promise((later) => setTimeout(later, 100))
      }
    })()
    // What is begun afterwards has all its time: hurried, the panel would repair what it is just doing.
    return async () => {
      over.abort()
      await clock
    }
  })

  it.each(concerned.map(([name]) => name))('in the middle of %s', async (name) => {
    const one = under.find((candidate) => candidate.name === name)
    if (!one?.subject) throw new Error('It was not begun.')
    await one.operation.settles(stage, one.subject, one.answer)
  })

  it('leaves panel and nodes of one mind, and no port with a server that is gone', async () => {
    const whereabouts = async () => {
      const rows = await useDrizzle().select({ uuid: servers.uuid, node: servers.nodeId }).from(servers)
      const held = await Promise.all(
        stage.nodes.map(async (node) => (await node.servers()).map((uuid) => `${uuid} on ${node.row.id}`)),
      )
      return { panel: rows.map(({ uuid, node }) => `${uuid} on ${node}`).toSorted(), nodes: held.flat().toSorted() }
    }
    await becomes('of one mind', whereabouts, ({ panel, nodes }) => String(panel) === String(nodes))
    const strayed = sql`server_id is not null and not exists (select 1 from servers where id = server_id and allocation_id = server_allocations.id)`
    expect(await useDrizzle().$count(serverAllocations, strayed)).toBe(0)
  })
})
