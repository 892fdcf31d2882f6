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

/**
 * Refused fields are told of in the reader's language, from the dictionary that the server's refusals use. Only in the
 * browser: on the server one reader's language would become another's. The validator itself loads with the first form,
 * so its configuration is laid where it will look for it.
 */
export default defineNuxtPlugin({
  name: 'validation-language',
  dependsOn: ['i18n'],
  setup(nuxtApp) {
    const { t, te } = nuxtApp.$i18n as Dictionary

    function sentence({ rule, values }: RuleFailure, origin?: string): string | undefined {
      const counted =
        COUNTED.has(rule) && (origin === 'string' || origin === 'array')
          ? `failures.field.${rule}_${origin}`
          : undefined
      const key = [counted, `failures.field.${rule}`].find((one) => one && te(one))
      return key && t(key, values ?? {}, Number(values?.[rule] ?? 1))
    }

    const say = (issue: Issue) =>
      sentence(
        ruleFailureOf({ ...issue, path: issue.path ?? [] }),
        'origin' in issue ? String(issue.origin) : undefined,
      )

    const shared = globalThis as { __zod_globalConfig?: ValidationConfig }
    const config = (shared.__zod_globalConfig ??= {})
    // Compiled checks are made by `new Function`, which the panel's policy refuses, and reports.
    config.jitless = true
    config.customError = say
    // Called for each schema that is made from now on: in a build all are, as they load with the forms.
    config.postProcessor = ({ _zod }) => {
      const definition = _zod?.def
      const { rule } = definition?.params ?? {}
      if (definition?.check !== 'custom' || !definition.error || !rule) return
      const english = definition.error
      definition.error = (issue) =>
        sentence({ field: '', detail: '', values: definition.params as never, rule }) ?? english(issue)
    }
  },
})
