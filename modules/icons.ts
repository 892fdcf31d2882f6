import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { addPluginTemplate, addVitePlugin, defineNuxtModule } from '@nuxt/kit'

interface Collection {
  prefix: string
  icons: Record<string, unknown>
}

const BUNDLE = 'nuxt-icon-client-bundle'
const PARTS = ['shell', 'rest'] as const
const VIRTUAL = 'virtual:xyra-icons-'

const DRAWN = fileURLToPath(new URL('icons/drawn-icon.ts', import.meta.url))
/** The component of @nuxt/icon, and the plugin that tells the library behind it where drawings are. */
const COMPONENT = /\/@nuxt\/icon\/dist\/runtime\/components\/index\.js$/
const SETTINGS = /\/@nuxt\/icon\/dist\/runtime\/plugin(?:\.js)?$/

/**
 * Drawings of all icons are a tenth of what signing in would load, and it shows eight of them. The bundle keeps those.
 * What the frame of the panel, the list of servers and a console show comes before the first page that is not for
 * strangers is drawn, and the rest before any other.
 */
export default defineNuxtModule({
  meta: { name: 'icons' },
  setup(_options, nuxt) {
    if (nuxt.options.dev || nuxt.options.test) return
    const parts: Record<string, Collection[]> = {}

    addVitePlugin(
      {
        name: 'xyra:icons',
        enforce: 'post',
        resolveId: (id) => (id.startsWith(VIRTUAL) ? `\0${id}` : undefined),
        load(id) {
          if (COMPONENT.test(id)) return `export { default } from ${JSON.stringify(DRAWN)}`
          if (!id.startsWith(`\0${VIRTUAL}`)) return undefined
          const drawings = parts[id.slice(VIRTUAL.length + 1)]
          return `export default JSON.parse(${JSON.stringify(JSON.stringify(drawings))})`
        },
        transform(code, id) {
          const [, printed] = id.includes(BUNDLE) ? (/JSON\.parse\(("(?:[^"\\]|\\.)*")\)/.exec(code) ?? []) : []
          if (!printed) return undefined
          const all = JSON.parse(JSON.parse(printed) as string) as Collection[]
          const first = iconsOf(nuxt.options.srcDir, STRANGERS)
          const shell = iconsOf(nuxt.options.srcDir, SHELL)
          parts.shell = all.map((one) => picked(one, (name) => shell.has(name) && !first.has(name)))
          parts.rest = all.map((one) => picked(one, (name) => !shell.has(name) && !first.has(name)))
          return { code: bundle(all.map((one) => picked(one, (name) => first.has(name)))), map: null }
        },
      },
      { server: false },
    )
    nuxt.hook('app:resolve', (app) => {
      app.plugins = app.plugins.filter(({ src }) => !SETTINGS.test(src))
    })
    addPluginTemplate({ filename: 'xyra-icons.client.mjs', getContents: () => PLUGIN })
  },
})

const picked = ({ icons, ...collection }: Collection, isWanted: (name: string) => boolean): Collection => ({
  ...collection,
  icons: Object.fromEntries(Object.entries(icons).filter(([name]) => isWanted(name))),
})

/** The pages for strangers. */
const STRANGERS = ['error.vue', 'app.config.ts', 'layouts/auth.vue', '{pages,components}/auth/**/*.vue']
/** The frame, and the two pages at which most people begin. */
const SHELL = [
  'layouts/{default,server}.vue',
  'pages/index.vue',
  'pages/servers/\\[server\\]/index.vue',
  'composables/useNavigation.ts',
  'utils/*.ts',
]
const IS_LATER = join('pages', 'auth', 'setup.vue')

/** What these files show, and the components and composables they are made of. */
function iconsOf(app: string, patterns: string[]): Set<string> {
  const parts = new Map(
    globSync(['components/**/*.vue', 'composables/**/*.ts'], { cwd: app }).map((file) => [
      basename(file).replace(/(?:\.client)?\.\w+$/, ''),
      file,
    ]),
  )
  const files = new Set(globSync(patterns, { cwd: app }))
  files.delete(IS_LATER)
  const icons = new Set<string>()

  // A set that grows is walked to its end.
  for (const file of files) {
    const text = readFileSync(join(app, file), 'utf8')
    for (const [, name = ''] of text.matchAll(/i-lucide-([\w-]+)/g)) icons.add(name)
    for (const [, tag, composable = ''] of text.matchAll(/<(?:Lazy)?([A-Z]\w+)|\b(use[A-Z]\w+)/g)) {
      const part = parts.get(tag ?? composable)
      if (part) files.add(part)
    }
  }
  return icons
}

const bundle = (first: Collection[]) => `
let add
const loading = {}
const hold = []
function take(collections) {
  if (!add) return hold.push(...collections)
  for (const { prefix, icons, ...size } of collections)
    for (const name in icons) add(prefix ? prefix + ':' + name : name, { ...size, ...icons[name] })
}
function load(part, get) {
  const asked = loading[part] ??= get().then((module) => take(module.default))
  asked.catch(() => { loading[part] = undefined })
  return asked
}
export function init(addIcon) {
  if (add) return
  add = addIcon
  take(JSON.parse(${JSON.stringify(JSON.stringify(first))}))
  take(hold.splice(0))
}
${PARTS.map((part) => `export const ${part} = () => load('${part}', () => import('${VIRTUAL}${part}'))`).join('\n')}
export const loadRest = () => Promise.all([shell(), rest()])
`

const PLUGIN = `
import { defineNuxtPlugin, onNuxtReady, useRouter } from '#imports'
import { loadRest, shell } from '#build/${BUNDLE}'

const isForStrangers = (path) => path.startsWith('/auth/') && path !== '/auth/setup'
const isInShell = (path) => /^\\/(?:servers\\/[^/]+\\/?)?$/.test(path)
// Whatever a guard of the router answers is where it leads: this one answers nothing.
const loadFor = async (path) => {
  if (!isForStrangers(path)) await (isInShell(path) ? shell() : loadRest()).catch(() => undefined)
}

export default defineNuxtPlugin({
  name: 'icons',
  setup() {
    loadFor(location.pathname)
    useRouter().beforeResolve((to) => loadFor(to.path))
    onNuxtReady(() => loadRest().catch(() => undefined))
  },
})
`
