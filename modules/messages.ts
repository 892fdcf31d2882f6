import { addComponent, addImports, addVitePlugin, defineNuxtModule } from '@nuxt/kit'
import { baseCompile } from '@intlify/message-compiler'

type Messages = { [key: string]: string | Messages }

const LOCALE_FILE = /\/i18n\/locales\/[^/]+\/[^/]+\.json(?:\?|$)/
/** What vue-i18n reads as more than text: slots, plurals, links to other messages. */
const SYNTAX = /[{}|@]/

/** A tree that the runtime reads, with names of one letter. */
const AS_TREE = { jit: true, mangle: true, minify: true, location: false }

/**
 * The sentences of `i18n/locales/<language>/<area>.json`, compiled while building: the runtime of vue-i18n that goes to
 * the browser has no compiler. `?failures` is what `panel.json` says about failures and about the rules of fields, and
 * `panel.json` is the rest: the first page needs neither.
 */
export default defineNuxtModule({
  meta: { name: 'messages' },
  setup(_options, nuxt) {
    addImports({ name: 'useI18n', from: 'vue-i18n' })
    addComponent({ name: 'I18nT', export: 'Translation', filePath: 'vue-i18n' })

    // A sentence without slots may travel as it is; while developing vue-i18n complains of each.
    const isWhole = nuxt.options.dev || nuxt.options.test

    addVitePlugin({
      name: 'xyra:messages',
      enforce: 'pre',
      config: () => ({
        resolve: { alias: [{ find: /^vue-i18n$/, replacement: 'vue-i18n/dist/vue-i18n.runtime.mjs' }] },
        define: {
          __VUE_I18N_FULL_INSTALL__: false,
          __VUE_I18N_LEGACY_API__: false,
          __INTLIFY_DROP_MESSAGE_COMPILER__: true,
          __INTLIFY_PROD_DEVTOOLS__: false,
        },
      }),
      transform(code, id) {
        if (!LOCALE_FILE.test(id)) return undefined
        const { failures = {}, rules = {}, ...rest } = JSON.parse(code) as Messages
        // With a query it is no JSON to the bundler any more.
        if (id.includes('?failures'))
          return {
            code: `export default ${JSON.stringify(compiled({ failures, rules }, id, isWhole))}`,
            moduleType: 'js',
            map: null,
          }
        return { code: JSON.stringify(compiled(rest, id, isWhole)), map: null }
      },
    })
  },
})

export function compiled(messages: Messages, file: string, isWhole = false): unknown {
  return Object.fromEntries(
    Object.entries(messages).map(([key, value]) => [
      key,
      typeof value === 'string' ? compiledSentence(value, `${file}: ${key}`, isWhole) : compiled(value, file, isWhole),
    ]),
  )
}

function compiledSentence(sentence: string, place: string, isWhole: boolean): unknown {
  if (!isWhole && !SYNTAX.test(sentence)) return sentence
  const onError = (error: Error) => {
    throw new Error(`${place}: ${error.message}`)
  }
  return baseCompile(sentence, { ...AS_TREE, onError }).ast
}
