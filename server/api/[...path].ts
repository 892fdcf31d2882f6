import { defineEventHandler } from 'h3'
import { AppError } from '#server/errors'
import { pathOf, replyWithFailure } from '#server/http/reply'

/** What no other route answers, in JSON: else the page's HTML would. */
export default defineEventHandler((event) => replyWithFailure(event, new AppError('route.not_found', { values: { path: pathOf(event) } })))
