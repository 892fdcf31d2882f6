import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { addVitePlugin, defineNuxtModule } from '@nuxt/kit'
import allColors from 'tailwindcss/colors'

const COLORS = '\0xyra:colors'
const NAMESPACED = /import \{([^}]+)\} from ["']reka-ui\/namespaced["'];?/
const PART = /^(.+\/reka-ui\/dist\/namespaced\/index\.m?js)\?part=(\w+)$/

/**
 * Two libraries come whole where a page needs a piece: the colours of Tailwind, of which we show six, and the parts of
 * reka-ui by name, where a menu brings the search fields and the cards with it.
 */
export default defineNuxtModule({
  meta: { name: 'lean-libraries' },
  setup(_options, nuxt) {
    if (nuxt.options.dev || nuxt.options.test) return

    addVitePlugin(
      {
        name: 'xyra:lean-libraries',
        enforce: 'pre',
        async resolveId(id, importer) {
          if (id === 'tailwindcss/colors') return COLORS
          if (!id.startsWith('reka-ui/namespaced?part=')) return undefined
          const [source = '', query] = id.split('?')
          const found = await this.resolve(source, importer)
          return found && `${found.id}?${query}`
        },
        load(id) {
          if (id === COLORS) {
            const shown = shownColors(nuxt.options.srcDir, nuxt.options.appConfig)
            return `export default ${JSON.stringify(shown)}`
          }
          const [, file, name] = PART.exec(id) ?? []
          return file && name ? partOf(readFileSync(file, 'utf8'), name) : undefined
        },
        transform(code) {
          if (!NAMESPACED.test(code)) return undefined
          return { code: code.replace(NAMESPACED, (_, names: string) => inParts(names)), map: null }
        },
      },
      { server: false },
    )
  },
})

function shownColors(app: string, defaults: { ui?: { colors?: object } }): Record<string, unknown> {
  const [, ours = ''] = /colors: \{([^}]*)\}/.exec(readFileSync(join(app, 'app.config.ts'), 'utf8')) ?? []
  const chosen = Object.fromEntries([...ours.matchAll(/(\w+): '(\w+)'/g)].map(([, kind, color]) => [kind, color]))
  const names = new Set<unknown>(Object.values({ ...defaults.ui?.colors, ...chosen }))
  return Object.fromEntries(Object.entries(allColors).filter(([name]) => names.has(name)))
}

const inParts = (names: string) =>
  names
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
    .map((one) => `import { ${one} } from 'reka-ui/namespaced?part=${one.split(' ')[0]}'`)
    .join('\n')

/** One of the objects that the library declares side by side: `const Menu = { Root: MenuRoot, … };` */
export function partOf(code: string, name: string): string {
  const [, members] = new RegExp(`^const ${name} = \\{([^}]*)\\};?$`, 'm').exec(code) ?? []
  if (!members) return `export { ${name} } from 'reka-ui'`
  const components = [...members.matchAll(/\w+: (\w+)/g)].map(([, component]) => component)
  return `import { ${components.join(', ')} } from 'reka-ui'\nexport const ${name} = {${members}}`
}
