import { defineEventHandler } from 'h3'
import { answerOrigin } from '#server/http/cors'

export default defineEventHandler(async (event) => ((await answerOrigin(event)) ? null : undefined))
