import { describe, expect, it } from 'vitest'
import { serializeVariable, writeVariables } from '#server/serializers/client/variables'
import { listOf } from '#server/serializers/envelope'
import { jsonOf, written } from '#server/serializers/written'
import type { EggVariable, ViewedEgg } from '#server/services/servers/surroundings'

/** What breaks text that is put together by hand, and what a replacement would read as a pattern. */
const HOSTILE = [
  '',
  'say "hi", \\"twice\\"',
  "</script><script>alert('x')</script>",
  'Grüße 👋 \u2028\u2029\u0000\ud800',
  'line\nand\ttab\\',
  "$& $1 $$ $` $'",
  '","viewable":true,"x":"',
]

const variable = (id: string, values: Partial<EggVariable> = {}): EggVariable => ({
  id,
  name: `Variable ${id}`,
  description: null,
  env: `VARIABLE_${id}`,
  usual: null,
  viewable: true,
  editable: true,
  rules: null,
  ...values,
})
const eggOf = (...variables: EggVariable[]): ViewedEgg => ({
  uuid: 'u',
  name: 'Egg',
  features: null,
  icon: null,
  variables,
})

describe('a document with parts that are in JSON already', () => {
  it('reads as if it was written as a whole', () => {
    for (const text of HOSTILE) {
      const parts = [{ text }, [text, 1, null], text]
      const [one, two, three] = parts.map((part) => written<unknown>(JSON.stringify(part)))
      const document = { before: text, one, list: [two, text, three, one], after: text }
      const [first, second, third] = parts
      expect(jsonOf(document)).toBe(
        JSON.stringify({ before: text, one: first, list: [second, text, third, first], after: text }),
      )
    }
  })

  it('takes over nothing of one that could not be written', () => {
    const broken = { part: written('"of another"'), fault: 1n }
    expect(() => jsonOf(broken)).toThrow(TypeError)
    expect(jsonOf({ part: written('"own"') })).toBe('{"part":"own"}')
    expect(jsonOf({ none: true })).toBe('{"none":true}')
  })
})

describe('the variables of a server', () => {
  const read = (egg: ViewedEgg, values: ReadonlyMap<string, string>) => JSON.parse(jsonOf(writeVariables(egg, values)))
  const asked = ({ variables }: ViewedEgg, values: ReadonlyMap<string, string>) =>
    listOf(variables.filter(({ viewable }) => viewable).map((one) => serializeVariable(one, values)))

  it('are what each says alone, whatever was typed', () => {
    for (const text of HOSTILE) {
      const hostile = { name: text, description: text, usual: text, rules: text }
      const egg = eggOf(variable('1', hostile), variable('2'), variable('3', hostile))
      for (const values of [
        new Map([['1', text]]),
        new Map([['3', text]]),
        new Map(['1', '2', '3'].map((id) => [id, text])),
      ])
        expect(read(egg, values)).toEqual(asked(egg, values))
    }
  })

  it('are without those that are hidden, and without what is set of them', () => {
    const egg = eggOf(variable('1'), variable('2', { viewable: false, usual: 'canary' }), variable('3'))
    const values = new Map(['1', '2', '3'].map((id) => [id, id === '2' ? 'canary' : id]))
    expect(jsonOf(writeVariables(egg, values))).not.toContain('canary')
    expect(read(egg, values).data).toHaveLength(2)
    expect(read(eggOf(variable('2', { viewable: false })), values)).toEqual(listOf([]))
    expect(read(eggOf(), values)).toEqual(listOf([]))
  })

  it('of one server are no other’s, and of one egg no other’s', () => {
    const [egg, other] = [eggOf(variable('1'), variable('2')), eggOf(variable('2'), variable('1'))]
    const pages = [new Map([['1', 'mine']]), new Map([['2', 'yours']]), new Map<string, string>()]
    const told = JSON.parse(
      jsonOf(pages.flatMap((values) => [writeVariables(egg, values), writeVariables(other, values)])),
    )
    expect(told).toEqual(pages.flatMap((values) => [asked(egg, values), asked(other, values)]))
  })
})
