import { z } from 'zod'
import { endpoint } from '../endpoint'
import { list, type Plain } from '../envelope'
import { startupVariable } from './servers'

export type StartupVariable = Plain<z.output<typeof startupVariable>>

/** The command as its egg has it, and with its variables filled in; what players may not see is `[hidden]`. */
const commands = z.object({ startup_command: z.string(), raw_startup_command: z.string() })

export const startupList = list(startupVariable).extend({
  meta: commands.extend({
    docker_images: z.record(z.string(), z.string()), // label → image
    /** Ours: name → command, as the egg has them. */
    startup_commands: z.record(z.string(), z.string()),
  }),
})

export const startupCommandBody = z.object({
  /** One of the egg's, raw. */
  command: z.string().min(1),
})

export const startupVariableBody = z
  .object({
    key: z.string().min(1),
    value: z.unknown().optional(), // present; text, number or boolean; blank stands for the empty text
  })
  .superRefine(({ value }, context) => {
    if (value === undefined)
      context.addIssue({
        code: 'custom',
        path: ['value'],
        message: 'The value field must be present.',
        params: { rule: 'present' },
      })
  })

export const startup = {
  get: endpoint('GET /api/client/servers/:server/startup', { reply: startupList }),
  setVariable: endpoint('PUT /api/client/servers/:server/startup/variable', {
    body: startupVariableBody,
    reply: startupVariable.extend({ meta: commands }),
  }),
  /** Ours. */
  chooseCommand: endpoint('PUT /api/client/servers/:server/startup/command', { body: startupCommandBody }),
}
