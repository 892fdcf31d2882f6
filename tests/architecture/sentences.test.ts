import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ACTIVITY_EVENTS } from '#shared/activity-events'
import { FAILURES } from '#shared/errors'
import { sources } from '../support/tools'

type Tree = { [key: string]: string | Tree }

const languages = [...new Set(sources('i18n/locales/*/*.json').map((file) => file.split('/')[2] ?? ''))]
const sentences = Object.fromEntries(languages.map((language) => [language, sentencesIn(language)]))
const english = sentences.en ?? {}

describe('sentences', () => {
  it.each(languages)('%s has every key that another language has', (language) => {
    const all = Object.values(sentences).flatMap((known) => Object.keys(known))

    expect([...new Set(all)].filter((key) => sentences[language]?.[key] === undefined)).toEqual([])
  })

  it.each(languages)('%s leaves none empty', (language) => {
    expect(
      Object.entries(sentences[language] ?? {})
        .filter(([, text]) => text.trim() === '')
        .map(([key]) => key),
    ).toEqual([])
  })

  it.each(languages)('%s fills in what the English sentence fills in', (language) => {
    const other = Object.entries(sentences[language] ?? {}).filter(
      ([key, text]) => english[key] !== undefined && slotsOf(text) !== slotsOf(english[key]),
    )

    expect(other.map(([key]) => key)).toEqual([])
  })

  it.each(languages)('%s says none in two files', (language) => {
    const keys = sources(`i18n/locales/${language}/*.json`).flatMap((file) => Object.keys(sentencesOf(file)))

    expect(keys.filter((key, place) => keys.indexOf(key) !== place)).toEqual([])
  })

  it('write an apostrophe in one way', () => {
    const files = [...sources('i18n/locales/en/*.json'), ...sources('modules/openapi/**/*.ts')]

    expect(files.filter((file) => /[‘’]/.test(readFileSync(file, 'utf8')))).toEqual([])
  })

  it('say every failure', () => {
    expect(Object.keys(FAILURES).filter((code) => english[`failures.${code}`] === undefined)).toEqual([])
  })

  it('say every event of the activity log', () => {
    const keyOf = (event: string) => `activity.events.${event.replace(':', '.')}`

    expect(ACTIVITY_EVENTS.filter((event) => english[keyOf(event)] === undefined)).toEqual([])
  })

  it('say every area of the audit', () => {
    const areas = new Set(ACTIVITY_EVENTS.flatMap((event) => /^admin:([\w-]+)\./.exec(event)?.[1] ?? []))

    expect([...areas].filter((area) => english[`audit.areas.${area}`] === undefined)).toEqual([])
  })

  it('exist for every key that the app asks for', () => {
    const missing = asked().filter(({ key, isWhole }) =>
      isWhole ? english[key] === undefined : !Object.keys(english).some((known) => known.startsWith(key)),
    )

    expect(missing.map(({ file, key }) => `${file}: ${key}`)).toEqual([])
  })
})

/** `t('a.b')`, `t(`a.${kind}`)`, `<i18n-t keypath="a.b">`: a key with a slot in it has to begin like one that exists. */
function asked(): { file: string; key: string; isWhole: boolean }[] {
  return sources('app/**/*.{ts,vue}').flatMap((file) =>
    [
      ...readFileSync(file, 'utf8').matchAll(/(?:(?<![\w.])\$?te?\(\s*|keypath=")(['"`]?)([a-z][\w.-]*\.[\w.${}-]*)/g),
    ].flatMap(([text, quote, key = '']) => {
      if (!quote && !text.startsWith('keypath')) {
        return []
      }
      const [beginning = ''] = key.split('${')
      return [{ file, key: beginning, isWhole: beginning === key }]
    }),
  )
}

function sentencesIn(language: string): Record<string, string> {
  return Object.assign({}, ...sources(`i18n/locales/${language}/*.json`).map(sentencesOf))
}

function sentencesOf(file: string): Record<string, string> {
  return flatten(JSON.parse(readFileSync(file, 'utf8')) as Tree)
}

function flatten(tree: Tree, prefix = ''): Record<string, string> {
  return Object.assign(
    {},
    ...Object.entries(tree).map(([key, value]) =>
      typeof value === 'string' ? { [prefix + key]: value } : flatten(value, `${prefix}${key}.`),
    ),
  )
}

/** Plurals may name their number in one branch and spell it in another. */
const slotsOf = (text: string): string =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name))].toSorted().join()
