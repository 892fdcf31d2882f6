import { betterAuth } from 'better-auth'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { admin, twoFactor, username } from 'better-auth/plugins'
import { v7 as uuidv7 } from 'uuid'
import { useDrizzle } from '#server/database/client'
import { now } from '#server/database/columns'
import { sessionMetadata, tables } from '#server/database/schema'
import { useEnv } from '#server/env'
import { currentSettings } from '#server/services/settings/current-settings'
import { describeBrowser } from '#server/auth/describe-browser'
import { hashPassword, verifyPassword } from '#server/auth/passwords'

interface AuthOptions {
  db: ReturnType<typeof useDrizzle>
  /** The panel's own address: cookies, links and the origin check follow it. A changed address wants a new instance. */
  address: string
  secret: string
  panelName: string
  /** Without being used for so long a session ends. */
  sessionDays?: number
}

export type Auth = ReturnType<typeof createAuth>

let made: { key: string; auth: Auth } | undefined

/** The library for one address; made again when that, the panel's name or the life of a session has changed. */
export function useAuth(address: string): Auth {
  const settings = currentSettings()
  const [panelName, sessionDays] = [settings?.panel.name ?? 'XyraPanel', settings?.signIn.sessionDays]
  const key = `${address} ${panelName} ${sessionDays}`
  if (made?.key !== key)
    made = { key, auth: createAuth({ db: useDrizzle(), address, secret: useEnv().APP_SECRET, panelName, sessionDays }) }
  return made.auth
}

/** A column of the seed that better-auth does not know: written by the hooks below, never by a request, never sent. */
const ours = { required: false, input: false, returned: false } as const

const DAY_S = 86_400

export function createAuth({ db, address, secret, panelName, sessionDays = 7 }: AuthOptions) {
  return betterAuth({
    baseURL: address,
    basePath: '/api/auth',
    secret,
    appName: panelName,
    telemetry: { enabled: false },
    logger: { level: 'error' },
    rateLimit: { enabled: false }, // It does not see auth.api; ours does.
    onAPIError: { errorURL: '/auth/login' },
    database: drizzleAdapter(db, { provider: 'pg', transaction: true, schema: tables }), // keyed by modelName
    advanced: {
      cookiePrefix: 'panel',
      ipAddress: { ipAddressHeaders: ['x-panel-client-ip'] },
      database: { generateId: ({ model }) => (model === 'user' ? false : uuidv7()) }, // false: the column's own number
    },
    user: {
      modelName: 'users',
      fields: { name: 'nameFirst' },
      additionalFields: {
        password: { type: 'string', ...ours, defaultValue: '' }, // The hash lives in accounts.
        rootAdmin: { type: 'boolean', ...ours, defaultValue: false },
        useTotp: { type: 'boolean', ...ours, defaultValue: false },
        suspended: { type: 'boolean', ...ours, defaultValue: false },
        suspendedAt: { type: 'date', ...ours },
        suspensionReason: { type: 'string', ...ours },
        // A moment in the seed, a boolean here. Values in `where` are not transformed: never search by it through the adapter.
        emailVerified: {
          type: 'boolean',
          required: false,
          input: false,
          defaultValue: false,
          fieldName: 'emailVerified',
          transform: {
            input: (value) => (value === true ? now() : value === false ? null : value),
            output: (value) => value != null && value !== false,
          },
        },
      },
    },
    session: {
      modelName: 'sessions',
      fields: { token: 'sessionToken', expiresAt: 'expires' },
      additionalFields: { expiresTwin: { type: 'date', ...ours, fieldName: 'expiresAt' } },
      expiresIn: sessionDays * DAY_S,
      updateAge: (sessionDays * DAY_S) / 7, // a used session is prolonged once a day of a week, as refresh-session asks
    },
    account: {
      modelName: 'accounts',
      fields: { providerId: 'provider', accountId: 'providerAccountId' },
      additionalFields: {
        type: { type: 'string', ...ours, defaultValue: 'credential' },
        providerTwin: { type: 'string', ...ours, fieldName: 'providerId' },
        accountTwin: { type: 'string', ...ours, fieldName: 'accountId' },
      },
      encryptOAuthTokens: true,
    },
    verification: { modelName: 'verifications' },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true, // People come by create-user, an invitation or a provider.
      minPasswordLength: 8,
      maxPasswordLength: 1024,
      password: { hash: hashPassword, verify: verifyPassword },
    },
    databaseHooks: {
      user: {
        create: { before: async (user) => ({ data: { ...user, password: '', image: null } }) }, // A provider's picture is an address elsewhere.
        update: {
          before: async (user) => ({
            data: {
              ...user,
              ...('twoFactorEnabled' in user && { useTotp: user.twoFactorEnabled }),
              ...('role' in user && user.role !== 'admin' && { rootAdmin: false }),
              ...('banned' in user && !user.banned && { suspended: false, suspendedAt: null, suspensionReason: null }), // an ended ban, lifted at sign-in
              ...('image' in user && { image: null }),
            },
          }),
        },
      },
      session: {
        create: {
          before: async (session) => ({ data: { ...session, expiresTwin: session.expiresAt } }),
          // A new token (sign-in, change of password, second factor) is a new row: metadata hangs on the token.
          after: async ({ token, ipAddress, userAgent }) => {
            const seen = now()
            await db
              .insert(sessionMetadata)
              .values({
                sessionToken: token,
                firstSeenAt: seen,
                lastSeenAt: seen,
                ipAddress,
                userAgent,
                ...describeBrowser(userAgent),
              })
              .onConflictDoNothing()
          },
        },
        update: {
          before: async (session) => ({
            data: { ...session, ...(session.expiresAt && { expiresTwin: session.expiresAt }) },
          }),
        },
      },
      account: {
        create: {
          before: async (account) => ({
            data: {
              ...account,
              type: account.providerId === 'credential' ? 'credential' : 'oauth',
              providerTwin: account.providerId,
              accountTwin: account.accountId,
            },
          }),
        },
      },
    },
    plugins: [
      // Names are checked where they are chosen: one that was imported and would be refused there still signs in.
      username({ minUsernameLength: 1, maxUsernameLength: 191, usernameValidator: () => true }),
      admin(),
      twoFactor({ issuer: panelName }), // A right password of somebody with a second factor makes no session.
    ],
  })
}
