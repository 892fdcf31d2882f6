import { defineNuxtModule } from '@nuxt/kit'

/**
 * A page loads what it needs, and nothing of the others: Nuxt would have every page, layout and language fetched behind
 * the first one, which on a phone is a second sign-in page's worth of waiting.
 */
export default defineNuxtModule({
  meta: { name: 'first-load' },
  setup(_options, nuxt) {
    nuxt.hook('build:manifest', (manifest) => {
      for (const file of Object.values(manifest)) file.prefetch = false
    })
  },
})
