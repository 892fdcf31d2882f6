import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Loaded at every start, as packages more than a thousand files: within the build they cost 0.5 s of CPU instead of 1.3. */
const BUNDLED =
  /(?:^|\/node_modules\/)(?:better-auth|@better-auth|better-call|@better-fetch|kysely|drizzle-orm|zod|jose|uuid|hashids)(?:\/|$)/

export default defineNuxtConfig({
  compatibilityDate: '2026-11-01',
  modules: ['@nuxt/ui'],
  css: ['~/assets/css/main.css', '~/assets/css/palettes.css'],
  devtools: { enabled: false },
  telemetry: false,

  // Rendering a page on the server costs as much as 50 to 240 API calls.
  ssr: false,
  routeRules: {
    '/auth/**': { appLayout: 'auth' },
    '/maintenance': { appLayout: 'auth' },
    '/servers/**': { appLayout: 'server' },
    '/admin/**': { appLayout: 'administration', appMiddleware: ['administrator'] },
  },
  app: {
    head: {
      // With a phone's keyboard open the page is as high as what is left of the screen.
      viewport: 'width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content',
    },
  },
  colorMode: { preference: 'system', fallback: 'light' },
  // A page is fetched when somebody points at its link, not when the link comes into sight.
  experimental: {
    emitRouteChunkError: 'manual',
    defaults: { nuxtLink: { prefetch: true, prefetchOn: { visibility: false, interaction: true } } },
  },

  typescript: {
    strict: true,
    tsConfig: { compilerOptions: { noUncheckedIndexedAccess: true }, include: ['../tests/browser/**/*'] },
  },
  imports: { dirs: ['composables/console'] },
  components: [{ path: '~/components', pathPrefix: false }],

  // Nothing is fetched from elsewhere, neither while building nor while running.
  ui: { fonts: false },
  icon: {
    provider: 'server',
    fallbackToApi: false,
    serverBundle: { collections: ['lucide'] },
    clientBundle: { scan: { globInclude: ['app/**/*.{vue,ts}'] }, sizeLimitKb: 256 },
  },

  nitro: {
    esbuild: { options: { target: 'es2022' } }, // top-level await
    compressPublicAssets: { gzip: true, brotli: true },
    hooks: {
      // The migrations and the eggs travel with the build.
      async compiled(nitro: { options: { dev: boolean; output: { serverDir: string } } }) {
        if (!nitro.options.dev) {
          for (const folder of ['drizzle', 'eggs']) {
            await cp(folder, join(nitro.options.output.serverDir, folder), { recursive: true })
          }
        }
      },
    },
  },

  $production: { nitro: { externals: { inline: [BUNDLED] } } },

  hooks: {
    // Set directly it would replace Nuxt's own page; before it, it may leave to that what it does not answer.
    'nitro:config'(config) {
      config.errorHandler = [at('./server/error-handler'), ...[config.errorHandler ?? []].flat()] as never
    },
    // Typed $fetch routes are off: contracts type our calls, and with many routes TypeScript gives up on them.
    'nitro:init'(nitro) {
      nitro.hooks.hook('types:extend', (types) => {
        types.routes = {}
      })
    },
  },
})
