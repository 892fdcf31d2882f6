import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { addPluginTemplate, addVitePlugin, defineNuxtModule } from '@nuxt/kit'

interface Collection {
  prefix: string
  icons: Record<string, unknown>
}

const BUNDLE = 'nuxt-icon-client-bundle'
const REST = 'virtual:xyra-icons'

/**
 * Drawings of all icons are a tenth of what signing in would load, and it shows eight of them. The bundle keeps those;
 * the others come with the first page that is not for strangers, before it is drawn.
 */
export default defineNuxtModule({
  meta: { name: 'icons' },
  setup(_options, nuxt) {
    if (nuxt.options.dev || nuxt.options.test) return
    let rest: Collection[] = []

    addVitePlugin(
      {
        name: 'xyra:icons',
        enforce: 'post',
        resolveId: (id) => (id === REST ? `\0${REST}` : undefined),
        load: (id) =>
          id === `\0${REST}` ? `export default JSON.parse(${JSON.stringify(JSON.stringify(rest))})` : undefined,
        transform(code, id) {
          const [, printed] = id.includes(BUNDLE) ? (/JSON\.parse\(("(?:[^"\\]|\\.)*")\)/.exec(code) ?? []) : []
          if (!printed) return undefined
          const all = JSON.parse(JSON.parse(printed) as string) as Collection[]
          const first = iconsOf(nuxt.options.srcDir)
          rest = all.map((one) => picked(one, (name) => !first.has(name)))
          return { code: bundle(all.map((one) => picked(one, (name) => first.has(name)))), map: null }
        },
      },
      { server: false },
    )
    addPluginTemplate({ filename: 'xyra-icons.client.mjs', getContents: () => PLUGIN })
  },
})

const picked = ({ icons, ...collection }: Collection, isWanted: (name: string) => boolean): Collection => ({
  ...collection,
  icons: Object.fromEntries(Object.entries(icons).filter(([name]) => isWanted(name))),
})

/** What the pages for strangers show, and the components they are made of. */
function iconsOf(app: string): Set<string> {
  const components = new Map(
    globSync('components/**/*.vue', { cwd: app }).map((file) => [basename(file, '.vue'), file]),
  )
  const files = new Set([
    'error.vue',
    'app.config.ts',
    'layouts/auth.vue',
    ...globSync('{pages,components}/auth/**/*.vue', { cwd: app }),
  ])
  files.delete(join('pages', 'auth', 'setup.vue'))
  const icons = new Set<string>()

  // A set that grows is walked to its end.
  for (const file of files) {
    const text = readFileSync(join(app, file), 'utf8')
    for (const [, name = ''] of text.matchAll(/i-lucide-([\w-]+)/g)) icons.add(name)
    for (const [, tag = ''] of text.matchAll(/<([A-Z]\w+)/g)) {
      const component = components.get(tag.replace(/^Lazy/, ''))
      if (component) files.add(component)
    }
  }
  return icons
}

const bundle = (first: Collection[]) => `
let add
let rest
const hold = []
function take(collections) {
  if (!add) return hold.push(...collections)
  for (const { prefix, icons, ...size } of collections)
    for (const name in icons) add(prefix ? prefix + ':' + name : name, { ...size, ...icons[name] })
}
export function init(addIcon) {
  if (add) return
  add = addIcon
  take(JSON.parse(${JSON.stringify(JSON.stringify(first))}))
  take(hold.splice(0))
}
export function loadRest() {
  rest ??= import('${REST}').then((module) => take(module.default))
  rest.catch(() => { rest = undefined })
  return rest
}
`

const PLUGIN = `
import { defineNuxtPlugin, onNuxtReady, useRouter } from '#imports'
import { loadRest } from '#build/${BUNDLE}'

const isForStrangers = (path) => path.startsWith('/auth/') && path !== '/auth/setup'

export default defineNuxtPlugin({
  name: 'icons',
  setup() {
    if (!isForStrangers(location.pathname)) loadRest()
    useRouter().beforeResolve((to) => isForStrangers(to.path) ? undefined : loadRest().catch(() => undefined))
    onNuxtReady(() => loadRest().catch(() => undefined))
  },
})
`
