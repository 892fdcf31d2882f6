import { isDeepStrictEqual } from 'node:util'
import { gt, sql } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { sessions, wingsNodes } from '#server/database/schema'
import { AppError, type FieldFailure } from '#server/errors'
import { keepWayIn } from '#server/services/identity-providers/keep-way-in'
import { recordActivity } from '#server/services/activity/record-activity'
import { markForPush } from '#server/services/nodes/push-configuration'
import type { UpdateSettingsBody } from '#shared/contracts/application/settings'
import {
  isRootsOwn,
  SETTING_FIELDS,
  TYPED_SECRETS,
  type SettingKey,
  type Settings,
  type SettingsChange,
  type TypedSecret,
} from '#shared/contracts/settings'
import { snakeCaseOf } from '#shared/utils/snake-case'
import { forgetSettings, getSettings, readSettings } from './current-settings'
import { describeSettings, type SettingsView } from './describe-settings'
import { fixedSettings } from './fixed-settings'
import { writeSettings } from './write-settings'

const DAY_MS = 86_400_000

/**
 * Changes what is named, in every process at once. Of secrets only that they were replaced or cleared is written down.
 *
 * @throws {AppError} `settings.root_only`, `request.invalid`, `sign_in.password_needed`
 */
export async function updateSettings({
  actor,
  asked,
}: {
  actor: Actor
  asked: UpdateSettingsBody
}): Promise<SettingsView> {
  await useDrizzle().transaction(async (tx) => {
    // One after the other: each sees what the last one made of settings that go together.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('settings'))`)
    const stored = await readSettings(tx)
    const change = changeOf(asked, stored)
    const secrets = secretsOf(asked)
    const keys = Object.keys(change) as SettingKey[]
    const typed = Object.keys(secrets) as TypedSecret[]
    if (!actor.isRootAdmin && [...keys, ...typed].some(isRootsOwn)) throw new AppError('settings.root_only')
    refuse([...faultsOf(change, stored), ...secretFaults(secrets)])

    const replaced = typed.filter((key) => secrets[key] !== null)
    const cleared = typed.filter((key) => secrets[key] === null)
    if (keys.length + typed.length === 0) return
    await writeSettings(tx, { actor, change, secrets })
    await carryOut(tx, change, stored)
    if (change['signIn.passwordSignIn'] === false) await keepWayIn(tx)
    await recordActivity(tx, {
      actor,
      event: 'admin:settings.update',
      target: { type: 'settings', id: null },
      properties: {
        before: Object.fromEntries(keys.map((key) => [key, valueOf(stored, key)])),
        after: change,
        ...(replaced.length > 0 && { replaced }),
        ...(cleared.length > 0 && { cleared }),
      },
    })
  })
  forgetSettings()
  await getSettings()
  return describeSettings()
}

/** What a changed setting means for what is there already. */
async function carryOut(tx: Executor, change: SettingsChange, before: Settings): Promise<void> {
  if (change['panel.address'] !== undefined) {
    const nodes = await tx.select({ id: wingsNodes.id, lastSeenAt: wingsNodes.lastSeenAt }).from(wingsNodes)
    for (const node of nodes) await markForPush(tx, node, { after: 0 })
  }

  const days = change['signIn.sessionDays']
  if (days === undefined || days > before.signIn.sessionDays) return
  const end = new Date(Date.now() + days * DAY_MS).toISOString()
  await tx.update(sessions).set({ expires: end, expiresAt: end }).where(gt(sessions.expires, end))
}

/** What is asked for and is not so already. */
function changeOf(asked: UpdateSettingsBody, stored: Settings): SettingsChange {
  const groups = asked as Record<string, Record<string, unknown> | undefined>
  const changed = SETTING_FIELDS.flatMap(({ key }) => {
    const [group = '', name = ''] = snakeCaseOf(key).split('.')
    const value = groups[group]?.[name]
    return value === undefined || isDeepStrictEqual(value, valueOf(stored, key)) ? [] : [[key, value] as const]
  })
  return Object.fromEntries(changed) as SettingsChange
}

function secretsOf({ secrets = {} }: UpdateSettingsBody): Partial<Record<TypedSecret, string | null>> {
  const given = secrets as Record<string, string | null | undefined>
  return Object.fromEntries(
    TYPED_SECRETS.flatMap((key) => {
      const secret = given[snakeCaseOf(key).replace('.', '_')]
      return secret === undefined ? [] : [[key, secret]]
    }),
  )
}

const valueOf = (settings: Settings, key: SettingKey): unknown => {
  const [group = '', name = ''] = key.split('.')
  return (settings[group as keyof Settings] as Record<string, unknown>)[name]
}

function faultsOf(change: SettingsChange, stored: Settings): FieldFailure[] {
  const { variables } = fixedSettings()
  const fixed = Object.keys(change).flatMap((key) => fixedFault(key, variables[key as SettingKey]))
  const will = <Key extends SettingKey>(key: Key) =>
    (change[key] ?? valueOf(stored, key)) as NonNullable<SettingsChange[Key]>

  const isAddressLost = change['panel.address'] === ''
  const lacksSender =
    Object.keys(change).some((key) => key.startsWith('mail.')) &&
    will('mail.host') !== '' &&
    will('mail.fromAddress') === '' &&
    variables['mail.fromAddress'] === undefined
  const isRangeEmpty =
    Object.keys(change).some((key) => key.startsWith('allocations.')) &&
    will('allocations.rangeEnd') <= will('allocations.rangeStart')
  return [
    ...fixed,
    ...(isRangeEmpty
      ? [
          {
            field: 'allocations.range_end',
            rule: 'gt',
            detail: 'The range end must be greater than the range start.',
            values: { value: will('allocations.rangeStart') },
          },
        ]
      : []),
    ...(isAddressLost ? [requiredFault('panel.address', 'The panel address field is required.')] : []),
    ...(lacksSender ? [requiredFault('mail.from_address', 'The mail from address field is required.')] : []),
  ]
}

const requiredFault = (field: string, detail: string): FieldFailure => ({ field, rule: 'required', detail })

const secretFaults = (secrets: Partial<Record<TypedSecret, unknown>>): FieldFailure[] =>
  'mail.password' in secrets ? fixedFault('secrets.mailPassword', fixedSettings().variables['mail.host']) : []

function fixedFault(key: string, variable: string | undefined): FieldFailure[] {
  if (!variable) return []
  const detail = `This is set by ${variable} in the environment.`
  return [{ field: snakeCaseOf(key), rule: 'fixed', detail, values: { variable } }]
}

function refuse(fields: FieldFailure[]): void {
  if (fields.length > 0) throw new AppError('request.invalid', { fields })
}
