import { SYSTEM } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { now } from '#server/database/columns'
import { users } from '#server/database/schema'
import { useEnv } from '#server/env'
import { AppError } from '#server/errors'
import { letIn } from '#server/services/account/let-in'
import { findToken, redeemToken } from '#server/services/account/redeem-token'
import type { Visitor } from '#server/services/account/visitor'
import { recordActivity } from '#server/services/activity/record-activity'
import { shipEggsInto } from '#server/services/eggs/ship-eggs'
import { forgetSettings, getSettings } from '#server/services/settings/current-settings'
import { writeSettings } from '#server/services/settings/write-settings'
import { prepareUser } from '#server/services/users/prepare-user'
import type { Language } from '#shared/utils/languages'

const PURPOSES = ['panel.setup' as const]

interface CompleteSetup {
  token: string
  username: string
  email: string
  password: string
  panel: { name: string; address: string; language: Language; timeZone: string }
  /** At the address where the set-up is done; the chosen one may not lead here yet. */
  visitor: Visitor
}

/**
 * Makes the first administrator and says what the panel is called and where it is found: all of it, or nothing. The link
 * works once, and for nobody once there is a user. Returns the cookies of the administrator's session.
 *
 * @throws {AppError} `setup.closed`, `setup.link_invalid`
 */
export async function completeSetup({
  token,
  username,
  email,
  password,
  panel,
  visitor,
}: CompleteSetup): Promise<string[]> {
  await checkSetupLink({ token })
  const { name, address, language, timeZone } = panel
  const insertUser = await prepareUser({ username, email, rootAdmin: true, language, timeZone }, password)

  const user = await useDrizzle().transaction(async (tx) => {
    if (!(await redeemToken(tx, { purposes: PURPOSES, token }))) throw new AppError('setup.link_invalid')
    await refuseLate(tx)

    const made = await insertUser(tx)
    const actor = { ...SYSTEM, ip: visitor.ip, userAgent: visitor.userAgent }
    const change = {
      'panel.name': name,
      'panel.address': address,
      'panel.locale': language,
      'panel.zone': timeZone,
      'panel.setUpAt': now(),
    }
    await writeSettings(tx, { actor, change })
    await recordActivity(tx, {
      actor,
      event: 'admin:user.create',
      target: { type: 'user', id: made.id },
      properties: { username: made.username, email: made.email, root_admin: true },
    })
    await recordActivity(tx, {
      actor,
      event: 'admin:settings.update',
      target: { type: 'settings', id: null },
      properties: { after: change },
    })
    await shipEggsInto(tx)
    return made
  })

  forgetSettings()
  await getSettings()
  return (await letIn(user, visitor)).cookies
}

/** What the panel knows before somebody fills in the form. @throws {AppError} `setup.closed`, `setup.link_invalid` */
export async function checkSetupLink({
  token,
}: {
  token: string
}): Promise<{ name: string; fixedAddress: string | null }> {
  const db = useDrizzle()
  await refuseLate(db)
  if (!(await findToken(db, { purposes: PURPOSES, token }))) throw new AppError('setup.link_invalid')
  return { name: (await getSettings()).panel.name, fixedAddress: useEnv().APP_URL ?? null }
}

async function refuseLate(tx: Executor): Promise<void> {
  if ((await tx.$count(users)) > 0) throw new AppError('setup.closed')
}
