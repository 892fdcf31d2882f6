import { defineComponent, h, watch } from 'vue'
import { useAppConfig } from '#imports'
import { init, loadRest } from '#build/nuxt-icon-client-bundle'

interface Drawing {
  body: string
  width: number
  height: number
}

interface Answer {
  icons: Record<string, { body: string }>
  aliases?: Record<string, { parent: string }>
  width: number
  height: number
}

const PREFIX = 'i-'
const drawings = new Map<string, Drawing>()
const drawn = new Set<string>()
const asked = new Map<string, Promise<void>>()

/** `i-lucide-arrow-up` is `lucide:arrow-up`. */
const fullName = (name: string) =>
  name.includes(':') ? name.replace(/^i-/, '') : name.replace(/^(?:i-)?lucide-/, 'lucide:')

/** One that no page of the build names, as an egg's or a provider's may be. */
function ask(name: string, endpoint: string): Promise<void> {
  const [collection, icon = ''] = name.split(':')
  const waiting =
    asked.get(name) ??
    fetch(`${endpoint}/${collection}.json?icons=${encodeURIComponent(icon)}`)
      .then((reply) => (reply.ok ? (reply.json() as Promise<Answer>) : undefined))
      .then((answer) => {
        const found = answer?.icons[icon] ?? answer?.icons[answer.aliases?.[icon]?.parent ?? '']
        if (answer && found) drawings.set(name, { width: answer.width, height: answer.height, body: found.body })
      })
  asked.set(name, waiting)
  waiting.catch(() => asked.delete(name))
  return waiting
}

const ESCAPES: Record<string, string> = { '"': "'", '%': '%25', '#': '%23', '<': '%3C', '>': '%3E' }

/** The drawing as a mask: what is seen through it is the colour of the text. */
function ruleOf(selector: string, { body, width, height }: Drawing): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${body.replaceAll('currentColor', 'black')}</svg>`
  const url = `url("data:image/svg+xml,${svg.replaceAll(/["%#<>]/g, (sign) => ESCAPES[sign] ?? sign)}")`
  const mask = 'var(--svg) no-repeat 0 0/100% 100%'
  return `${selector}{display:inline-block;width:1em;height:1em;background-color:currentColor;--svg:${url};-webkit-mask:${mask};mask:${mask}}`
}

function draw(name: string, drawing: Drawing, layer: string | undefined): void {
  if (drawn.has(name)) return
  drawn.add(name)
  const rule = ruleOf(`:where(.${CSS.escape(PREFIX + name)})`, drawing)
  const style = document.createElement('style')
  style.textContent = layer ? `@layer ${layer}{${rule}}` : rule
  document.head.insertBefore(style, document.head.querySelector('style, link[rel="stylesheet"]'))
}

/**
 * The component of @nuxt/icon, without what drawings of many kinds and from many places ask for: ours are of one
 * collection, in one colour, and come from the panel.
 */
export default defineComponent({
  name: 'NuxtIcon',
  props: { name: { type: String, required: true }, mode: String, size: [String, Number], customize: Boolean },
  setup(props) {
    const { cssLayer, localApiEndpoint } = useAppConfig().icon as { cssLayer?: string; localApiEndpoint: string }
    const name = () => fullName(props.name)

    init((known: string, drawing: Drawing) => drawings.set(known, drawing))
    watch(
      name,
      async (wanted) => {
        if (!drawings.has(wanted)) await loadRest().catch(() => undefined)
        if (!drawings.has(wanted)) await ask(wanted, localApiEndpoint).catch(() => undefined)
        const drawing = drawings.get(wanted)
        if (drawing) draw(wanted, drawing, cssLayer)
      },
      { immediate: true },
    )
    return () =>
      h('span', {
        'aria-hidden': true,
        class: ['iconify', PREFIX + name()],
        style: props.size ? { fontSize: Number.isNaN(+props.size) ? props.size : `${props.size}px` } : undefined,
      })
  },
})
