import { ruleFailureOf, type RuleFailure } from '#shared/rules'

type Issue = Parameters<typeof ruleFailureOf>[0]

/** A check that says its own rule, as the contracts write them: `{ error: 'The …', params: { rule } }`. */
interface CheckDefinition {
  check?: string
  params?: { rule?: string }
  error?: (issue: Issue) => unknown
}

interface ValidationConfig {
  jitless?: boolean
  customError?: (issue: Issue) => string | undefined
  postProcessor?: (instance: { _zod?: { def?: CheckDefinition } }) => void
}

interface Dictionary {
  t: (key: string, values: Record<string, unknown>, plural: number) => string
  te: (key: string) => boolean
}

/** min and max are said apart for text and for lists. */
const COUNTED = new Set(['min', 'max'])

/** The reader's, once it is there. */
let dictionary: Dictionary | undefined

function sentence({ rule, values }: RuleFailure, origin?: string): string | undefined {
  const counted =
    COUNTED.has(rule) && (origin === 'string' || origin === 'array') ? `failures.field.${rule}_${origin}` : undefined
  const key = [counted, `failures.field.${rule}`].find((one) => one && dictionary?.te(one))
  return key && dictionary?.t(key, values ?? {}, Number(values?.[rule] ?? 1))
}

/*
 * The validator loads with the first page that has a form, and that is before any plugin is set up. So its configuration
 * is laid where it will look for it as soon as this file is read.
 */
const shared = globalThis as { __zod_globalConfig?: ValidationConfig }
Object.assign((shared.__zod_globalConfig ??= {}), {
  // Compiled checks are made by `new Function`, which the panel's policy refuses, and reports.
  jitless: true,
  customError: (issue) =>
    sentence(ruleFailureOf({ ...issue, path: issue.path ?? [] }), 'origin' in issue ? String(issue.origin) : undefined),
  postProcessor({ _zod }) {
    const definition = _zod?.def
    const { rule } = definition?.params ?? {}
    if (definition?.check !== 'custom' || !definition.error || !rule) return
    const english = definition.error
    definition.error = (issue) =>
      sentence({ field: '', detail: '', values: definition.params as never, rule }) ?? english(issue)
  },
} satisfies ValidationConfig)

/**
 * Refused fields are told of in the reader's language, from the dictionary that the server's refusals use. Only in the
 * browser: on the server one reader's language would become another's.
 */
export default defineNuxtPlugin({
  name: 'validation-language',
  dependsOn: ['i18n'],
  setup(nuxtApp) {
    dictionary = nuxtApp.$i18n as Dictionary
  },
})
