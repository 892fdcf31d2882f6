import { useDrizzle } from '#server/database/client'
import { wingsNodes } from '#server/database/schema'
import { logger } from '#server/logger'
import { checkNode } from './check-node'
import { tellOfSilence } from './tell-of-silence'

/** A silent node takes its check up to half a minute: this many may be silent before others are checked late. */
const AT_ONCE = 16

/** Checks every node. One that is silent, or whose check fails, keeps no other waiting. */
export async function checkNodes(): Promise<void> {
  const waiting = await useDrizzle().select().from(wingsNodes)

  async function work(): Promise<void> {
    for (let node = waiting.pop(); node; node = waiting.pop()) {
      const { id } = node
      await checkNode({ node, attempts: 3 }).catch((error: unknown) =>
        logger.error({ err: error, nodeId: id }, 'a node could not be checked'),
      )
    }
  }

  await Promise.all(Array.from({ length: AT_ONCE }, work))
  await tellOfSilence()
}
