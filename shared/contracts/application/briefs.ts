import { z } from 'zod'
import { item, list, nothing } from '../envelope'

/*
 * Objects that are included in others, as far as their readers look into them. The whole of each is its own contract;
 * naming it here would make every contract import every other.
 */
const loose = <const Name extends string, Shape extends z.ZodRawShape>(name: Name, shape: Shape) =>
  item(name, z.looseObject(shape))

export const oneOf = <Item extends z.ZodType>(of: Item) => z.union([nothing, of]).optional()
export const manyOf = <Item extends z.ZodType>(of: Item) => z.union([nothing, list(of)]).optional()

export const briefUser = loose('user', { id: z.int(), username: z.string(), email: z.string() })
export const briefNode = loose('node', { id: z.int(), name: z.string() })
export const briefLocation = loose('location', { id: z.int(), short: z.string() })
export const briefNest = loose('nest', { id: z.int(), name: z.string() })
export const briefEgg = loose('egg', { id: z.int(), uuid: z.string(), name: z.string() })
export const briefAllocation = loose('allocation', {
  id: z.int(),
  ip: z.string(),
  alias: z.string().nullable(),
  port: z.int(),
})
export const briefSubuser = loose('subuser', { id: z.int(), user_id: z.int() })
/** Named in the plural, as this include always has been. */
export const briefDatabase = loose('databases', { id: z.int(), database: z.string() })
export const serverVariable = loose('server_variable', {
  id: z.int(),
  name: z.string(),
  description: z.string(),
  env_variable: z.string(),
  default_value: z.string(),
  rules: z.string(),
  user_viewable: z.boolean(),
  user_editable: z.boolean(),
  server_value: z.string().nullable(),
})
