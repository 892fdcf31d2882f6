import { z } from 'zod'
import { empty, json, type Answer, type Call } from './http.ts'
import type { Faults } from './faults.ts'
import type { SftpSignIn } from './sftp.ts'

/** The part of a node that takes orders. */
interface Controlled {
  seen: readonly unknown[]
  unknown: readonly unknown[]
  asked: readonly unknown[]
  log: readonly string[]
  faults: Faults
  signInToSftp: (signIn: SftpSignIn) => Promise<unknown>
  sendActivity: () => Promise<void>
}

const fault = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('slow'), ms: z.number(), handled: z.boolean().optional() }),
  z.object({ kind: z.literal('hung'), handled: z.boolean().optional() }),
  z.object({
    kind: z.literal('refusing'),
    status: z.int().min(400).max(599),
    body: z.unknown().optional(),
    handled: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('dying'), handled: z.boolean().optional() }),
])
const faultRule = z.object({ on: z.string(), fault, times: z.int().min(1).optional() })
const signIn = z.object({
  username: z.string(),
  password: z.string(),
  type: z.enum(['password', 'public_key']).optional(),
  ip: z.string().optional(),
})

type Control = (call: Call) => Answer | Promise<Answer>

/** What another process may order from a node that runs as a program. Wings itself has nothing like it. */
export function controlOf(wings: Controlled): (call: Call) => Answer | Promise<Answer> | null {
  const controls: Record<string, Control> = {
    'GET /_simulator/seen': () =>
      json(200, { seen: wings.seen, unknown: wings.unknown, asked: wings.asked, log: wings.log }),
    'POST /_simulator/faults': (call) => {
      wings.faults.add(faultRule.parse(JSON.parse(call.body.toString())))
      return empty(204)
    },
    'DELETE /_simulator/faults': () => {
      wings.faults.clear()
      return empty(204)
    },
    'POST /_simulator/sftp': async (call) =>
      json(200, await wings.signInToSftp(signIn.parse(JSON.parse(call.body.toString())))),
    'POST /_simulator/activity': async () => {
      await wings.sendActivity()
      return empty(204)
    },
  }
  return (call) => controls[`${call.method} ${call.path}`]?.(call) ?? null
}
