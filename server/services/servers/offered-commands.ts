import { z } from 'zod'
import { eggStartupCommandPairs } from '#server/database/json'
import type { EggRow } from '#server/database/schema'

/** The commands that an egg offers, by their names; an egg with one has it under the name that its export gives it, too. */
export const offeredCommands = (egg: Pick<EggRow, 'startup' | 'startupCommands'>): Record<string, string> =>
  Object.fromEntries(
    egg.startupCommands ? z.decode(eggStartupCommandPairs, egg.startupCommands) : [['Default', egg.startup]],
  )
