import type { BetterAuthPlugin } from 'better-auth'
import { APIError, createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { z } from 'zod'

const startSessionBody = z.object({
  userId: z.string(),
  ip: z.string(),
  userAgent: z.string(),
  /** An administrator who is to act as the user, and for how long. */
  acting: z.object({ administratorId: z.string(), seconds: z.int() }).optional(),
})

/**
 * `auth.api.startSession({ body, headers, returnHeaders: true })`: what sign-in ends with once we have let somebody in.
 * No path: no request reaches it. The address is told, because the library keeps only the network of an IPv6 address.
 */
export const startSession = {
  id: 'panel',
  endpoints: {
    startSession: createAuthEndpoint.serverOnly({ method: 'POST', body: startSessionBody }, async (ctx) => {
      const { userId, ip: ipAddress, userAgent, acting } = ctx.body
      const user = await ctx.context.internalAdapter.findUserById(userId)
      if (!user) throw new APIError('UNAUTHORIZED')

      const limits = acting && {
        impersonatedBy: acting.administratorId,
        expiresAt: new Date(Date.now() + acting.seconds * 1000),
      }
      const session = await ctx.context.internalAdapter.createSession(
        user.id,
        false,
        { ipAddress, userAgent, ...limits },
        limits !== undefined,
      ) // refuses who is suspended
      await setSessionCookie(ctx, { session, user }, false, acting && { maxAge: acting.seconds })
      return ctx.json({ userId: user.id, sessionId: session.id })
    }),
  },
} satisfies BetterAuthPlugin
