import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineNuxtModule, useLogger } from '@nuxt/kit'
import { runnerImport } from 'vite'
import type * as entryModule from './openapi/entry'

/**
 * `/api/openapi.json`, written while the panel is built: every contract and every guard would have to be loaded to make
 * it, and a running panel loads only those that are asked for.
 */
export default defineNuxtModule({
  meta: { name: 'openapi' },
  setup(_options, nuxt) {
    if (nuxt.options._prepare || nuxt.options.test) return

    const folder = join(nuxt.options.buildDir, 'openapi')
    nuxt.hook('nitro:config', (config) => {
      config.publicAssets = [...(config.publicAssets ?? []), { dir: folder, maxAge: 0 }]
    })

    // Beside the pages. Not sooner: a build begins by clearing its folder.
    let written: Promise<void> | undefined
    nuxt.hook('build:before', () => {
      // A panel without it still does its work.
      written = write(join(folder, 'api'), nuxt.options.rootDir).catch((error: unknown) =>
        useLogger('openapi').error('The document of the API could not be written.', error),
      )
    })
    nuxt.hook('nitro:build:before', () => written)
  },
})

async function write(folder: string, root: string): Promise<void> {
  const entry = fileURLToPath(new URL('openapi/entry.ts', import.meta.url))
  const { module } = await runnerImport<typeof entryModule>(entry, { root, logLevel: 'error' })
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'openapi.json'), JSON.stringify(module.documentOf(version)))
}
