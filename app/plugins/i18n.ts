import { createI18n, type VueMessageType } from 'vue-i18n'
import { LANGUAGES, type Language } from '#shared/utils/languages'

type Messages = Record<string, VueMessageType>
type Load = () => Promise<Messages>

const FILES = import.meta.glob<Messages>('../../i18n/locales/*/*.json', { import: 'default' })
const FAILURES = import.meta.glob<Messages>('../../i18n/locales/*/panel.json', {
  import: 'default',
  query: '?failures',
})
/** The words inside the components of @nuxt/ui; its English ones are built in. */
const LIBRARY: Partial<Record<Language, () => Promise<{ default: unknown }>>> = {
  de: () => import('@nuxt/ui/runtime/locale/de.js'),
}

const COOKIE = 'lang'
const A_YEAR = 365 * 24 * 60 * 60

const fileOf = (files: Record<string, Load>, language: Language, area: string) =>
  files[`../../i18n/locales/${language}/${area}.json`]

/**
 * One language is loaded at a time, and of it the sentences of the shell and of the part of the panel that is open.
 * The account's language wins, then what was chosen in this browser, then what the browser asks for.
 */
export default defineNuxtPlugin({
  name: 'i18n',
  async setup(nuxtApp) {
    const cookie = useCookie<string | undefined>(COOKIE, { maxAge: A_YEAR, sameSite: 'lax' })
    const { user } = useSession()
    const library = shallowRef<unknown>()
    const open = new Set<Area>()
    const loaded = new Map<string, Promise<void>>()

    const i18n = createI18n({
      legacy: false,
      locale: preferredLanguage([cookie.value ?? '', ...(import.meta.client ? navigator.languages : [])]) ?? 'en',
      fallbackLocale: 'en',
      pluralRules: Object.fromEntries(LANGUAGES.map((language) => [language, pluralRuleOf(language)])),
      missingWarn: false,
      fallbackWarn: false,
      // A field is refused before the sentences about it are there: nobody reads their keys.
      missing: (_language, key) => (key.startsWith('failures.field.') ? anyFault() : undefined),
      messages: {} as Record<string, Messages>,
    })
    const { locale } = i18n.global
    const anyFault = (): string => i18n.global.t('failure.field')
    const current = () => locale.value as Language

    /** Whoever asked for a sentence before it was there asks again: only a new object tells him. */
    function add(language: Language, messages: Messages): void {
      i18n.global.mergeLocaleMessage(language, messages)
      i18n.global.setLocaleMessage(language, { ...i18n.global.getLocaleMessage(language) })
    }

    /** A file once; one that did not arrive is asked for again the next time. */
    function need(key: string, language: Language, load?: Load): Promise<void> {
      if (!load) return Promise.resolve()
      const asked = loaded.get(key) ?? load().then((messages) => add(language, messages))
      loaded.set(key, asked)
      asked.catch(() => loaded.delete(key))
      return asked
    }

    const needArea = (language: Language, area: string) =>
      need(`${language}/${area}`, language, fileOf(FILES, language, area))
    const needFailures = (language: Language) =>
      need(`${language}/failures`, language, fileOf(FAILURES, language, 'panel'))

    async function loadLanguage(language: Language): Promise<void> {
      const areas = ['panel', ...open].map((area) => needArea(language, area))
      const failures = nuxtApp.vueApp._instance ? needFailures(language) : undefined
      const [words] = await Promise.all([LIBRARY[language]?.(), ...areas, failures])
      library.value = words?.default
    }

    /** Speaks another language from now on, in this browser. */
    async function setLanguage(language: Language): Promise<void> {
      // Whoever signs in changes language and page at once: what was opened meanwhile is loaded in the new one too.
      for (let known = -1; known < open.size;) {
        known = open.size
        await loadLanguage(language)
      }
      locale.value = language
      cookie.value = language
    }

    async function openAreas(areas: readonly Area[]): Promise<void> {
      for (const area of areas) open.add(area)
      await Promise.all(areas.map((area) => needArea(current(), area)))
    }

    useRouter().beforeResolve((to) => openAreas(areasOfPath(to.path)))
    watch(
      () => user.value && preferredLanguage([user.value.language]),
      (language) => language && language !== current() && void setLanguage(language),
    )
    // Sentences about failures are part of no first load; who fails earlier waits for them.
    onNuxtReady(() => void needFailures(current()).catch(() => undefined))
    const areFailuresHere = () => i18n.global.te('failures.internal')
    if (import.meta.client) holdSubmits(areFailuresHere, () => needFailures(current()))

    nuxtApp.vueApp.use(i18n)
    for (const area of areasOfPath(useRouter().currentRoute.value.path)) open.add(area)
    await loadLanguage(current())

    return {
      provide: {
        i18n: i18n.global,
        language: {
          set: setLanguage,
          open: (area: Area) => openAreas([area]),
          library: readonly(library),
          needFailures: () => needFailures(current()),
        },
      },
    }
  },
})
