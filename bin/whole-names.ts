import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const ROOT = pathToFileURL(join(import.meta.dirname, '..')).href
const OURS = [`${ROOT}/server/`, `${ROOT}/shared/`]

// Bundlers take './endpoint'; Node wants './endpoint.ts'. Commands load what the panel is made of, as it stands.
registerHooks({
  resolve(specifier, context, next) {
    const isShort =
      specifier.startsWith('.') &&
      !/\.\w+$/.test(specifier) &&
      OURS.some((folder) => context.parentURL?.startsWith(folder))
    return next(isShort ? `${specifier}.ts` : specifier, context)
  },
})
