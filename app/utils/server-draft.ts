import type { managedServers } from '#shared/contracts/application/servers'
import type { Given } from '#shared/contracts/endpoint'

export const WIZARD_STEPS = ['owner', 'egg', 'place', 'limits', 'startup'] as const
export type WizardStep = (typeof WIZARD_STEPS)[number]

export interface OwnerChoice {
  id: number
  username: string
  email: string
}

/** What a server is called, and whose it is. */
export interface DetailsDraft extends Record<string, unknown> {
  name: string
  owner: OwnerChoice | null
  externalId: string
  description: string
}

/** MiB and percent of a thread, 0 for no limit; for swap 0 is none and -1 no limit. */
export interface LimitsDraft {
  memory: number
  swap: number
  disk: number
  io: number
  cpu: number
  threads: string
  /** The kernel may stop the server when it takes too much memory. */
  oomKiller: boolean
}

export interface FeatureDraft {
  /** Null: no limit. */
  databases: number | null
  allocations: number
  backups: number
}

/** What a wizard has asked so far. */
export interface ServerDraft {
  name: string
  owner: OwnerChoice | null
  externalId: string
  description: string
  egg: number | null
  /** `auto`: the panel picks a node with room, and a free port there. */
  place: 'auto' | 'node'
  locations: number[]
  portRange: string
  dedicatedIp: boolean
  node: number | null
  allocation: number | null
  additional: number[]
  limits: LimitsDraft
  features: FeatureDraft
  image: string
  startup: string
  environment: Record<string, string>
  startsWhenInstalled: boolean
  runsScript: boolean
}

export const blankLimits = (): LimitsDraft => ({
  memory: 4096,
  swap: 0,
  disk: 20_480,
  io: 500,
  cpu: 200,
  threads: '',
  oomKiller: false,
})

export const blankDraft = (): ServerDraft => ({
  name: '',
  owner: null,
  externalId: '',
  description: '',
  egg: null,
  place: 'auto',
  locations: [],
  portRange: '',
  dedicatedIp: false,
  node: null,
  allocation: null,
  additional: [],
  limits: blankLimits(),
  features: { databases: 0, allocations: 0, backups: 3 },
  image: '',
  startup: '',
  environment: {},
  startsWhenInstalled: true,
  runsScript: true,
})

/** As the API asks for a server. */
export function bodyOf(draft: ServerDraft): Given<typeof managedServers.create, 'body'> {
  const { limits, features, owner } = draft
  return {
    name: draft.name.trim(),
    user: owner?.id,
    external_id: draft.externalId.trim() || null,
    description: draft.description.trim() || null,
    egg: draft.egg,
    docker_image: draft.image,
    startup: draft.startup,
    environment: draft.environment,
    limits: limitsOf(limits),
    feature_limits: { databases: features.databases, allocations: features.allocations, backups: features.backups },
    oom_disabled: !limits.oomKiller,
    start_on_completion: draft.startsWhenInstalled,
    skip_scripts: !draft.runsScript,
    ...(draft.place === 'auto'
      ? {
          deploy: {
            locations: draft.locations,
            dedicated_ip: draft.dedicatedIp,
            port_range: portRangesOf(draft.portRange),
          },
        }
      : { allocation: { default: draft.allocation, additional: draft.additional } }),
  }
}

export const limitsOf = ({ memory, swap, disk, io, cpu, threads }: LimitsDraft) => ({
  memory,
  swap,
  disk,
  io,
  cpu,
  threads: threads.trim() || null,
})

/** `25565, 25570-25580`. */
export const portRangesOf = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean)

const STEP_OF: [pattern: RegExp, step: WizardStep][] = [
  [/^(?:name|user|external_id|description)\b/, 'owner'],
  [/^egg\b/, 'egg'],
  [/^(?:allocation|deploy)\b/, 'place'],
  [/^(?:limits|feature_limits|oom_)/, 'limits'],
  [/^(?:environment|startup|docker_image|start_on|skip_)/, 'startup'],
]

/** What the panel says of the whole is said where it can be mended. */
const STEP_OF_REASON: Record<string, WizardStep> = { 'node.none_viable': 'limits', 'allocation.none_viable': 'place' }

/** The step in which a refusal belongs; undefined where none of them can mend it. */
export function stepOfFailure({ meta }: Pick<Failure, 'meta'>): WizardStep | undefined {
  const field = meta.source_field
  if (field) return STEP_OF.find(([pattern]) => pattern.test(field))?.[1]
  return STEP_OF_REASON[meta.reason ?? '']
}

export interface FieldFault {
  /** As on the wire. */
  name: string
  /** The key of a sentence. */
  says: string
}

const missing = (name: string, says = 'failures.field.required'): FieldFault => ({ name, says })
const malformed = (name: string): FieldFault => ({ name, says: 'failures.field.regex' })

/** What a step still lacks, apart from its variables, whose rules are their own. */
export function faultsOf(step: WizardStep, draft: ServerDraft): FieldFault[] {
  const faults: Record<WizardStep, (FieldFault | false)[]> = {
    owner: [!draft.name.trim() && missing('name'), !draft.owner && missing('user', 'adminServers.owner.choose')],
    egg: [draft.egg === null && missing('egg', 'adminServers.egg.choose')],
    place:
      draft.place === 'auto'
        ? [
            portRangesOf(draft.portRange).some((range) => !/^\d{1,5}(?:-\d{1,5})?$/.test(range)) &&
              malformed('deploy.port_range'),
          ]
        : [
            draft.node === null && missing('node', 'adminServers.place.chooseNode'),
            draft.allocation === null && missing('allocation.default', 'adminServers.ports.choose'),
          ],
    limits: limitFaults(draft.limits),
    startup: [!draft.image.trim() && missing('docker_image'), !draft.startup.trim() && missing('startup')],
  }
  return faults[step].filter((fault) => fault !== false)
}

/** In the fields' names under `limits`. */
export const limitFaults = ({ io, threads }: LimitsDraft): FieldFault[] =>
  [
    (io < 10 || io > 1000) && { name: 'limits.io', says: 'adminServers.limits.ioFault' },
    threads.trim() !== '' && !/^[0-9,-]+$/.test(threads.trim()) && malformed('limits.threads'),
  ].filter((fault) => fault !== false)
