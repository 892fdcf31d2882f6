import { defineNitroPlugin } from 'nitropack/runtime'
import { useEnv } from '#server/env'

/** A server with a bad environment ends before it listens, with the sentences of `useEnv` and without a stack. */
function refuseBadEnvironment(): void {
  try {
    useEnv()
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    process.exit(1)
  }
}

// While the file is loaded, and so before the first plugin runs; pages that are printed by the build need no environment.
if (!import.meta.prerender) {
  refuseBadEnvironment()
}

export default defineNitroPlugin(() => {})
