import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { serverAllocations, servers } from '#server/database/schema'
import { becomes, setCrashStage, type Answer, type CrashStage } from '../support/crash-stage'

/*
 * Each program is killed while everything is under way at once, and started again. Afterwards nothing is lost, nothing is
 * there twice, and nothing waits for ever.
 */

interface Subject {
  name: string
  id: string
  uuid: string
}

interface Operation {
  /** On a server that is installed, except where it is what makes one. */
  begin: (stage: CrashStage, subject: Subject) => Promise<Answer | null>
  /** What the panel asks of the node. */
  asks: (subject: Subject) => RegExp
  /** What the node says when it has done it; null where it says nothing. */
  reports: ((subject: Subject, others: readonly Subject[]) => RegExp) | null
  settles: (stage: CrashStage, subject: Subject, answer: Answer | null) => Promise<void>
}

const rowOf = async ({ name }: Subject) => {
  const rows = await useDrizzle().select().from(servers).where(eq(servers.name, name))
  expect(rows.length).toBeLessThan(2)
  return rows[0]
}

const isOk = (answer: Answer | null) => answer !== null && answer.status < 300

async function isNormal(stage: CrashStage, subject: Subject): Promise<void> {
  const row = await becomes(
    `${subject.name} is normal`,
    () => rowOf(subject),
    (found) => found?.status === null && found.installedAt !== null,
  )
  await becomes(
    `${subject.name} is known to its node, once`,
    () => stage.nodes[0].servers(),
    (held) => held.filter((uuid) => uuid === row?.uuid).length === 1,
  )
}

async function isGone(stage: CrashStage, subject: Subject): Promise<void> {
  await becomes(
    `${subject.name} is gone`,
    () => rowOf(subject),
    (found) => found === undefined,
  )
  await becomes(
    `${subject.name} is gone from its node`,
    () => stage.nodes[0].servers(),
    (held) => !held.includes(subject.uuid),
  )
}

const OPERATIONS: Record<string, Operation> = {
  create: {
    begin: async (stage, { name }) => stage.call('POST /api/application/servers', await stage.serverBody(name)),
    asks: () => /^POST \/api\/servers$/,
    reports: (_, others) =>
      new RegExp(`^POST /api/remote/servers/(?!${others.map(({ uuid }) => uuid).join('|')})[^/]+/install$`),
    async settles(stage, subject, answer) {
      // A fault after the commit may hide that it was made; a refusal may not.
      const isRefused = answer !== null && !isOk(answer)
      const row =
        isRefused &&
        (await becomes(
          'an answer',
          () => rowOf(subject),
          () => true,
        ))
      if (isRefused && (!row || answer.status !== 500)) return isGone(stage, subject)
      await isNormal(stage, subject)
    },
  },
  install: {
    begin: (stage, { id }) => stage.call(`POST /api/application/servers/${id}/reinstall`),
    asks: ({ uuid }) => new RegExp(`^POST /api/servers/${uuid}/reinstall$`),
    reports: ({ uuid }) => new RegExp(`^POST /api/remote/servers/${uuid}/install$`),
    settles: isNormal,
  },
  delete: {
    begin: (stage, { id }) => stage.call(`DELETE /api/application/servers/${id}`),
    asks: ({ uuid }) => new RegExp(`^DELETE /api/servers/${uuid}$`),
    reports: null,
    async settles(stage, subject, answer) {
      // Whoever was told nothing asks again.
      if (
        !isOk(answer) &&
        (await becomes(
          'an answer',
          () => rowOf(subject),
          () => true,
        ))
      )
        expect(await stage.call(`DELETE /api/application/servers/${subject.id}`)).toMatchObject({ status: 204 })
      await isGone(stage, subject)
    },
  },
}

type Moment = 'before the node is told' | 'before its answer is heard' | 'before it has reported'

const CRASHES: ['panel' | 'database' | 'node', Moment][] = [
  ['panel', 'before the node is told'],
  ['panel', 'before its answer is heard'],
  ['panel', 'before it has reported'],
  ['database', 'before the node is told'],
  ['database', 'before its answer is heard'],
  ['database', 'before it has reported'],
  ['node', 'before its answer is heard'],
  ['node', 'before it has reported'],
]

let stage: CrashStage
let crashes = 0
beforeAll(async () => {
  stage = await setCrashStage('pterodactyl')
})
afterAll(() => stage.close())

async function makeSubject(operation: string): Promise<Subject> {
  const name = `${operation} ${crashes}`
  if (operation === 'create') return { name, id: '', uuid: '' }
  const made = await stage.call('POST /api/application/servers', await stage.serverBody(name, { skip_scripts: true }))
  if (!made || !isOk(made)) throw new Error(`No server could be made: ${JSON.stringify(made)}`)
  const subject = { name, id: String(made.body.attributes.id), uuid: String(made.body.attributes.uuid) }
  await isNormal(stage, subject)
  return subject
}

function holdAt(moment: Moment, { asks, reports }: Operation, subject: Subject, others: readonly Subject[]) {
  const { gate } = stage.nodes[0]
  if (moment === 'before the node is told') return gate.hold(asks(subject), 'before')
  if (moment === 'before its answer is heard' || !reports) return gate.hold(asks(subject), 'after')
  return stage.gate.hold(reports(subject, others), 'before')
}

describe.each(CRASHES)('kill -9 of the %s, %s', (program, moment) => {
  const under = Object.entries(OPERATIONS).map(([name, operation]) => ({
    name,
    operation,
    subject: undefined as Subject | undefined,
    answer: null as Answer | null,
  }))

  beforeAll(async () => {
    crashes++
    const victim = program === 'node' ? stage.nodes[0] : stage[program]
    await Promise.all(under.map(async (one) => (one.subject = await makeSubject(one.name))))
    const subjects = under.flatMap(({ subject }) => subject ?? []).filter(({ uuid }) => uuid !== '')
    const held = under.map(({ operation, subject }) => holdAt(moment, operation, subject as Subject, subjects))
    const answers = under.map(({ operation, subject }) => operation.begin(stage, subject as Subject))
    await Promise.all(held.map(({ reached }) => reached))
    await victim.kill()
    for (const { release } of held) release()
    await victim.start()
    for (const [index, answer] of answers.entries()) Object.assign(under[index] ?? {}, { answer: await answer })
    await becomes('the panel', () => stage.call('GET /api/application/servers'), isOk)
  })
  // What waits for its time has it now.
  beforeEach(() => {
    const clock = setInterval(() => void stage.hurry().catch(() => {}), 200)
    return () => clearInterval(clock)
  })

  it.each(Object.keys(OPERATIONS))('in the middle of %s', async (name) => {
    const one = under.find((candidate) => candidate.name === name)
    if (!one?.subject) throw new Error('It was not begun.')
    await one.operation.settles(stage, one.subject, one.answer)
  })

  it('leaves panel and nodes of one mind, and no port with a server that is gone', async () => {
    const ofPanel = async () =>
      (await useDrizzle().select({ uuid: servers.uuid }).from(servers)).map(({ uuid }) => uuid)
    const both = async () => [await ofPanel(), (await Promise.all(stage.nodes.map((node) => node.servers()))).flat()]
    await becomes('of one mind', both, ([ours, theirs]) => String(ours?.toSorted()) === String(theirs?.toSorted()))
    const strayed = sql`server_id is not null and not exists (select 1 from servers where id = server_id and allocation_id = server_allocations.id)`
    expect(await useDrizzle().$count(serverAllocations, strayed)).toBe(0)
  })
})
