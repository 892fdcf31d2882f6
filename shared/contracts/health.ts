import { z } from 'zod'
import { endpoint } from './endpoint'

export const health = endpoint('GET /api/health', { reply: z.object({ status: z.literal('ok') }) })
