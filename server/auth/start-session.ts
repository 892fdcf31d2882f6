import type { BetterAuthPlugin } from 'better-auth'
import { APIError, createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { z } from 'zod'

const startSessionBody = z.object({ userId: z.string(), ip: z.string(), userAgent: z.string() })

/**
 * `auth.api.startSession({ body, headers, returnHeaders: true })`: what sign-in ends with once we have let somebody in.
 * No path: no request reaches it. The address is told, because the library keeps only the network of an IPv6 address.
 */
export const startSession = {
  id: 'panel',
  endpoints: {
    startSession: createAuthEndpoint.serverOnly({ method: 'POST', body: startSessionBody }, async (ctx) => {
      const { userId, ip: ipAddress, userAgent } = ctx.body
      const user = await ctx.context.internalAdapter.findUserById(userId)
      if (!user) throw new APIError('UNAUTHORIZED')

      const session = await ctx.context.internalAdapter.createSession(user.id, false, { ipAddress, userAgent }) // refuses who is suspended
      await setSessionCookie(ctx, { session, user })
      return ctx.json({ userId: user.id, sessionId: session.id })
    }),
  },
} satisfies BetterAuthPlugin
