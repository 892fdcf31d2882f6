import * as openid from 'openid-client'
import { z } from 'zod'
import { AppError } from '#server/errors'
import { PrivateAddress } from './outward-fetch'

const chain = (error: unknown): Error[] => {
  const all: Error[] = []
  for (let at = error; at instanceof Error && all.length < 6; at = at.cause) all.push(at)
  return all
}

/** What went wrong between us and a provider, as a failure that a person can be told. What is none of theirs goes on. */
export function failureOf(error: unknown): AppError {
  if (error instanceof AppError) return error
  // Which one, whoever signs in need not know: the log says it.
  if (chain(error).some((one) => one instanceof PrivateAddress))
    return new AppError('provider.address_private', { cause: error })
  if (
    error instanceof openid.ClientError ||
    error instanceof openid.ResponseBodyError ||
    error instanceof openid.AuthorizationResponseError ||
    error instanceof openid.WWWAuthenticateChallengeError ||
    error instanceof z.ZodError
  )
    return new AppError(isSilence(error) ? 'provider.unreachable' : 'provider.refused', { cause: error })
  return new AppError('provider.unreachable', { cause: error })
}

/** No answer at all, or one that is none of OAuth's. */
const isSilence = (error: Error): boolean =>
  chain(error).some(
    (one) =>
      one.name === 'TimeoutError' ||
      one.message === 'fetch failed' ||
      (one as { code?: string }).code === 'OAUTH_RESPONSE_IS_NOT_CONFORM',
  )

/** In the words of whoever said it, for the administrator and the log. No token and no secret is part of it. */
export function trouble(error: unknown): string {
  const [first, ...causes] = chain(error)
  if (!first) return 'unknown'
  const said = [first, ...causes].map((one) => {
    const { code, error: name, error_description: sentence, status } = one as unknown as Record<string, unknown>
    const reason = one.cause as { status?: unknown } | undefined
    const http = status ?? (reason && !(one.cause instanceof Error) ? reason.status : undefined)
    return [typeof code === 'string' && code, name, sentence ?? one.message, http && `HTTP ${String(http)}`]
      .filter(Boolean)
      .join(': ')
  })
  return [...new Set(said)].join(' · ').slice(0, 500)
}
