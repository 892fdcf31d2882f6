import type { ServerRow } from '#server/database/schema'
import type { EggMove } from '#server/services/servers/change-egg'
import type { eggChange } from '#shared/contracts/application/servers'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf } from '../envelope'

export const serializeEggChange = (
  server: ServerRow,
  { egg, image, startup, variables }: EggMove,
): Wire<typeof eggChange> =>
  itemOf('egg_change', {
    egg: Number(egg.id),
    image: { before: server.image, after: image },
    startup: { before: server.startup, after: startup },
    variables: variables.map(({ name, envVariable, before, after, isValid }) => ({
      name,
      env_variable: envVariable,
      before,
      after,
      is_valid: isValid,
    })),
  })
