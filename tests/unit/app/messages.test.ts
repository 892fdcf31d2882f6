import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FAILURES } from '#shared/errors'
import { LANGUAGES } from '#shared/utils/languages'
import { compiled } from '../../../modules/messages'

type Messages = { [key: string]: string | Messages }

const read = (language: string, area: string) =>
  JSON.parse(readFileSync(`i18n/locales/${language}/${area}.json`, 'utf8')) as Messages
const AREAS = globSync('i18n/locales/en/*.json').map((file) => basename(file, '.json'))

function sentences(messages: Messages, before = ''): [string, string][] {
  return Object.entries(messages).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${before}${key}`, value] as [string, string]] : sentences(value, `${before}${key}.`),
  )
}

const slots = (sentence: string) => [...new Set(sentence.match(/\{\w+\}/g))].sort()

describe.each(AREAS)('the sentences of %s', (area) => {
  const english = new Map(sentences(read('en', area)))

  it.each(LANGUAGES)('compile in %s', (language) => {
    expect(() => compiled(read(language, area), `${language}/${area}.json`)).not.toThrow()
  })

  it.each(LANGUAGES.filter((language) => language !== 'en'))('are complete in %s, with the same slots', (language) => {
    const theirs = new Map(sentences(read(language, area)))
    expect([...theirs.keys()].sort()).toEqual([...english.keys()].sort())
    const different = [...english]
      .filter(([key, sentence]) => slots(sentence).join() !== slots(theirs.get(key) ?? '').join())
      .map(([key]) => key)
    expect(different).toEqual([])
  })

  it.each(LANGUAGES)('leave nothing empty and say nothing loud in %s', (language) => {
    const odd = sentences(read(language, area)).filter(
      ([, sentence]) => sentence.trim() === '' || /!|\b(?:oops|successfully)\b/i.test(sentence),
    )
    expect(odd).toEqual([])
  })
})

it.each(LANGUAGES)('has a sentence for every failure in %s', (language) => {
  const { failures } = read(language, 'panel')
  const known = new Set(sentences(failures as Messages).map(([key]) => key))
  expect(Object.keys(FAILURES).filter((code) => !known.has(code))).toEqual([])
})

it('calls nothing that a sentence names as the report of a failure calls its own', () => {
  const OWN = ['{reason}', '{source_field}', '{rule}', '{request_id}']
  const taken = Object.entries(FAILURES).filter(([, { detail }]) => slots(detail).some((slot) => OWN.includes(slot)))
  expect(taken.map(([code]) => code)).toEqual([])
})
