import { addVitePlugin, defineNuxtModule } from '@nuxt/kit'
import { parseSync } from 'vite'

/** Without a query: what the browser's code imports. With this one: the same file as it was written. */
const WHOLE = 'schemas'
const CONTRACT = /\/shared\/contracts\/(?:.+\/)?[\w-]+\.ts$/

/**
 * In the browser an endpoint is method and path only. What a contract file says without zod (endpoints, limits, lists of
 * words, functions) is kept; whatever needs zod is exported from the same file under `?schemas`, so that zod and the
 * schemas travel with the first form that asks for one, and never with a page that only reads.
 */
export default defineNuxtModule({
  meta: { name: 'contracts' },
  setup(_options, nuxt) {
    if (nuxt.options.dev || nuxt.options.test) return

    addVitePlugin(
      {
        name: 'xyra:contracts',
        enforce: 'pre',
        transform(code, id) {
          if (CONTRACT.test(id)) return { code: lightened(code, id), map: null, moduleSideEffects: false }
          const [path = '', query] = id.split('?')
          if (query === WHOLE && CONTRACT.test(path)) return { code, map: null, moduleSideEffects: false }
          return undefined
        },
      },
      { server: false },
    )
  },
})

interface Span {
  start: number
  end: number
}

interface Node extends Span {
  type: string
  [key: string]: unknown
}

interface Declared {
  names: string[]
  /** The whole statement. */
  statement: Span
  isExported: boolean
  needs: Set<string>
  /** Second arguments of `endpoint(…)`. */
  schemas: Span[]
}

/** The light half of a contract file. */
export function lightened(code: string, file: string): string {
  const { program, errors } = parseSync(file, code, { lang: 'ts' })
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  const body = program.body as unknown as Node[]

  const heavy = new Set<string>()
  const imports: Span[] = []
  const declared: Declared[] = []
  const types: Span[] = []

  for (const statement of body) {
    if (statement.type === 'ImportDeclaration') {
      if (statement.importKind === 'type') continue
      imports.push(statement)
      if (isHeavySource(String((statement.source as Node).value))) {
        for (const specifier of statement.specifiers as Node[]) heavy.add(nameOf(specifier.local))
      }
      continue
    }
    const isExported = statement.type === 'ExportNamedDeclaration'
    const inner = (isExported ? statement.declaration : statement) as Node | null
    if (!inner) continue
    if (inner.type === 'TSTypeAliasDeclaration' || inner.type === 'TSInterfaceDeclaration') {
      types.push(statement)
      continue
    }
    const names = namesOf(inner)
    if (names.length > 0) declared.push({ names, statement, isExported, ...read(inner) })
  }

  // What leans on something heavy is heavy too.
  for (let grew = true; grew;) {
    grew = false
    for (const { names, needs } of declared) {
      if (names.every((name) => heavy.has(name)) || ![...needs].some((name) => heavy.has(name))) continue
      for (const name of names) heavy.add(name)
      grew = true
    }
  }

  const isHeavy = ({ names }: Declared) => names.some((name) => heavy.has(name))
  const elsewhere = declared.filter((one) => one.isExported && isHeavy(one)).flatMap(({ names }) => names)
  const cut = [
    ...types,
    ...declared.filter(isHeavy).map(({ statement }) => statement),
    ...declared.filter((one) => !isHeavy(one)).flatMap(({ schemas }) => schemas),
  ]

  const light = without(code, cut)
  const name = file.split('/').at(-1)
  return elsewhere.length > 0 ? `${light}\nexport { ${elsewhere.join(', ')} } from './${name}?${WHOLE}'\n` : light
}

/** zod, and the other contract files: what they export may be a schema. `endpoint` is not. */
function isHeavySource(source: string): boolean {
  if (source === 'zod') return true
  if (/(?:^|\/)endpoint$/.test(source)) return false
  return source.startsWith('.') || source.startsWith('#shared/contracts/')
}

const nameOf = (node: unknown) => String((node as { name?: unknown }).name)

function namesOf(node: Node): string[] {
  if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') return [nameOf(node.id)]
  if (node.type !== 'VariableDeclaration') return []
  return (node.declarations as Node[]).map(({ id }) => nameOf(id))
}

/** Which names a declaration leans on, the schemas of its endpoints left out. */
function read(root: Node): { needs: Set<string>; schemas: Span[] } {
  const needs = new Set<string>()
  const schemas: Span[] = []

  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit)
    if (typeof node !== 'object' || node === null || typeof (node as Node).type !== 'string') return
    const { type } = node as Node
    if (
      type.startsWith('TS') &&
      type !== 'TSAsExpression' &&
      type !== 'TSSatisfiesExpression' &&
      type !== 'TSNonNullExpression'
    )
      return

    if (type === 'CallExpression' && nameOf((node as Node).callee) === 'endpoint') {
      const [signature, second] = (node as Node).arguments as Node[]
      if (signature && second) schemas.push({ start: signature.end, end: second.end })
      return visit(signature)
    }
    if (type === 'Identifier') needs.add(nameOf(node))
    for (const [key, child] of Object.entries(node)) {
      // `a.b` leans on a alone, and so does `{ b: a }`.
      if (key === 'property' && !(node as Node).computed && type === 'MemberExpression') continue
      if (key === 'key' && !(node as Node).computed && type === 'Property' && !(node as Node).shorthand) continue
      if (key === 'typeAnnotation' || key === 'typeArguments' || key === 'typeParameters' || key === 'returnType')
        continue
      visit(child)
    }
  }
  visit(root)
  return { needs, schemas }
}

function without(code: string, spans: Span[]): string {
  let kept = ''
  let at = 0
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    kept += code.slice(at, start)
    at = end
  }
  return kept + code.slice(at)
}
