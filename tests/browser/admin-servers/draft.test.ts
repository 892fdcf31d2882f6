import { describe, expect, it } from 'vitest'
import {
  blankDraft,
  bodyOf,
  faultsOf,
  limitFaults,
  portRangesOf,
  stepOfFailure,
  type ServerDraft,
  type WizardStep,
} from '~/utils/server-draft'
import { roomLeft, shortagesOf } from '~/utils/node-room'

const draft = (given: Partial<ServerDraft> = {}): ServerDraft => ({
  ...blankDraft(),
  name: ' Survival ',
  owner: { id: 7, username: 'marta', email: 'marta@kestrel.gg' },
  egg: 3,
  image: 'java:21',
  startup: 'java -jar server.jar',
  environment: { VERSION: 'latest' },
  ...given,
})

describe('bodyOf', () => {
  it('has the panel choose where it runs', () => {
    const body = bodyOf(draft({ locations: [2], portRange: '25565, 25570-25580', dedicatedIp: true }))
    expect(body.deploy).toEqual({ locations: [2], dedicated_ip: true, port_range: ['25565', '25570-25580'] })
    expect(body).not.toHaveProperty('allocation')
  })

  it('names the ports that were chosen', () => {
    const body = bodyOf(draft({ place: 'node', node: 1, allocation: 11, additional: [12, 13] }))
    expect(body.allocation).toEqual({ default: 11, additional: [12, 13] })
    expect(body).not.toHaveProperty('deploy')
  })

  it('asks in the words of the API', () => {
    expect(bodyOf(draft({ runsScript: false }))).toMatchObject({
      name: 'Survival',
      user: 7,
      egg: 3,
      external_id: null,
      oom_disabled: true,
      skip_scripts: true,
      start_on_completion: true,
      limits: { memory: 4096, threads: null },
    })
  })
})

describe('faultsOf', () => {
  const names = (step: WizardStep, given: Partial<ServerDraft>) => faultsOf(step, draft(given)).map(({ name }) => name)

  it.each<[string, WizardStep, Partial<ServerDraft>, string[]]>([
    ['a name and an owner', 'owner', { name: '  ', owner: null }, ['name', 'user']],
    ['an egg', 'egg', { egg: null }, ['egg']],
    ['nothing of the place, where the panel chooses', 'place', { node: null }, []],
    ['ranges of ports', 'place', { portRange: '25565-' }, ['deploy.port_range']],
    ['a node and a port', 'place', { place: 'node' }, ['node', 'allocation.default']],
    ['an image and a command', 'startup', { image: '', startup: ' ' }, ['docker_image', 'startup']],
  ])('asks for %s', (_, step, given, expected) => expect(names(step, given)).toEqual(expected))

  it('asks for a weight and for threads that exist', () => {
    const { limits } = blankDraft()
    expect(limitFaults({ ...limits, io: 5, threads: 'all' }).map(({ name }) => name)).toEqual([
      'limits.io',
      'limits.threads',
    ])
    expect(limitFaults({ ...limits, io: 1000, threads: '0,2-4' })).toEqual([])
  })

  it('reads ports as people write them', () => expect(portRangesOf(' 1,2-3  4 ')).toEqual(['1', '2-3', '4']))
})

describe('stepOfFailure', () => {
  it.each([
    [{ source_field: 'user' }, 'owner'],
    [{ source_field: 'egg' }, 'egg'],
    [{ source_field: 'allocation.default' }, 'place'],
    [{ source_field: 'limits.memory' }, 'limits'],
    [{ source_field: 'feature_limits.backups' }, 'limits'],
    [{ source_field: 'environment.VERSION' }, 'startup'],
    [{ reason: 'node.none_viable' }, 'limits'],
    [{ reason: 'allocation.none_viable' }, 'place'],
    [{ reason: 'node.unreachable' }, undefined],
  ])('%o → %s', (meta, step) => expect(stepOfFailure({ meta })).toBe(step))
})

describe('the room of a node', () => {
  const node = {
    memory: 8192,
    memory_overallocate: 0,
    disk: 0,
    disk_overallocate: 0,
    cpu: 400,
    cpu_overallocate: 50,
    allocated_resources: { memory: 5120, disk: 90_000, cpu: 500 },
  }

  it('is what is left of it, more where more may be promised, without end where it has no limit', () => {
    expect([roomLeft(node, 'memory'), roomLeft(node, 'disk'), roomLeft(node, 'cpu')]).toEqual([3072, null, 100])
  })

  it('says what is short, and by how much', () => {
    expect(shortagesOf(node, { memory: 4096, disk: 1_000_000, cpu: 100 })).toEqual([
      { resource: 'memory', left: 3072, wanted: 4096 },
    ])
  })

  it('counts what a server holds already as its own', () => {
    expect(shortagesOf(node, { memory: 4096, disk: 0, cpu: 150 }, { memory: 2048, disk: 0, cpu: 50 })).toEqual([])
  })

  it('takes nothing for a server without a limit', () => {
    expect(shortagesOf(node, { memory: 0, disk: 0, cpu: 0 })).toEqual([])
  })
})
