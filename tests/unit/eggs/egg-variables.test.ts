import { describe, expect, it } from 'vitest'
import {
  controlOf,
  hintsOf,
  isOptional,
  parseRules,
  splitRules,
  unknownRules,
  validate,
  variableText,
} from '#shared/utils/egg-variables'

const refusedBy = (rules: string, value: string, like?: string) =>
  validate(value, parseRules(rules), { like }).map((failure) => failure.rule)

describe('splitRules', () => {
  it.each([
    ['required|string|max:20', ['required', 'string', 'max:20']],
    ['nullable|regex:/^(a|b)$/|max:3', ['nullable', 'regex:/^(a|b)$/', 'max:3']],
    ['regex:/^a\\/|b$/i|in:1,2', ['regex:/^a\\/|b$/i', 'in:1,2']],
    ['required||max:1|', ['required', 'max:1']],
    ['regex:no delimiters|max:3', ['regex:no delimiters', 'max:3']],
    ['', []],
  ])('%s', (text, parts) => {
    expect(splitRules(text)).toEqual(parts)
  })
})

describe('rules that look at other variables', () => {
  const others = (name: string) => ({ MODE: 'custom', EMPTY: '' })[name]
  const saidOf = (rules: string, value = '') =>
    validate(value, parseRules(rules), { others }).map(({ rule, detail }) => `${rule}: ${detail}`)

  it.each([
    ['nullable|required_if:MODE,custom,own', 'required_if: The value field is required when MODE is custom, own.'],
    ['required_if:environment.MODE,custom', 'required_if: The value field is required when MODE is custom.'],
    ['required_if:MODE,other', undefined],
    ['required_unless:MODE,usual', 'required_unless: The value field is required unless MODE is in usual.'],
    ['required_unless:MODE,custom', undefined],
    ['required_with:EMPTY,MODE', 'required_with: The value field is required when EMPTY, MODE is present.'],
    ['required_with:EMPTY,NOTHING', undefined],
    ['required_with_all:EMPTY,MODE', undefined],
    ['required_without:MODE,EMPTY', 'required_without: The value field is required when MODE, EMPTY is not present.'],
    ['required_without_all:MODE,EMPTY', undefined],
    ['required_if:MODE', undefined],
  ])('%s', (rules, said) => {
    expect(saidOf(rules)).toEqual(said === undefined ? [] : [said])
    expect(saidOf(rules, 'filled')).toEqual([])
  })

  it('pass where nobody says what the others are', () => {
    expect(refusedBy('required_if:MODE,custom', '')).toEqual([])
  })
})

it('says what the API has always said', () => {
  const saidOf = (rules: string, value: string) => validate(value, parseRules(rules)).map(({ detail }) => detail)
  expect(saidOf('in:a,b', 'c')).toEqual(['The selected value is invalid.'])
  expect(saidOf('not_in:c', 'c')).toEqual(['The selected value is invalid.'])
  expect(saidOf('integer|max:20', '21')).toEqual(['The value may not be greater than 20.'])
  expect(saidOf('string|max:1', 'ab')).toEqual(['The value may not be greater than 1 characters.'])
  expect(saidOf('regex:/^a$/', 'b')).toEqual(['The value format is invalid.'])
  expect(saidOf('boolean', 'x')).toEqual(['The value field must be true or false.'])
})

describe('validate', () => {
  it.each<[rules: string, value: string, refused: string[]]>([
    ['required|string|max:20', '', ['required']],
    ['required|string|max:20', 'a', []],
    ['required|string|max:3', 'äöüß', ['max']],
    ['nullable|string|max:3', '', []],
    ['string|max:3', '', []],
    ['required|integer|between:1,10', '11', ['between']],
    ['required|integer|between:1,10', '9', []],
    ['required|integer', '007', ['integer']],
    ['required|integer', '1.5', ['integer']],
    ['required|numeric|min:0.5', '.25', ['min']],
    ['required|numeric', '1e3', []],
    ['required|boolean', '1', []],
    ['required|boolean', 'true', ['boolean']],
    ['required|in:a,b', 'c', ['in']],
    ['required|in:"a,b",c', 'a,b', []],
    ['required|not_in:a', 'a', ['not_in']],
    ['required|alpha_dash', 'my-world_1', []],
    ['required|alpha_dash', 'my world', ['alpha_dash']],
    ['required|alpha_num:ascii', 'Ü', ['alpha_num']],
    ['required|url', 'https://example.test/a?b=c', []],
    ['required|url:https', 'http://example.test', ['url']],
    ['required|url', 'example.test', ['url']],
    ['required|ip', '2001:db8::1', []],
    ['required|ipv4', '256.1.1.1', ['ipv4']],
    ['required|ipv6', '1::2::3', ['ipv6']],
    ['required|ipv6', '::ffff:10.0.0.1', []],
    ['required|starts_with:a,b', 'cat', ['starts_with']],
    ['required|ends_with:.jar', 'x.jar', []],
    ['required|digits:4', '0012', []],
    ['required|digits_between:1,5', '123456', ['digits_between']],
    ['required|size:17', '76561198000000000', []],
    ['required|date', '2026-02-30x', ['date']],
    ['required|date_format:Y-m-d', '2026-01-31', []],
    ['required|date_format:Y-m-d', '31.01.2026', ['date_format']],
    ['required|timezone', 'Europe/Berlin', []],
    ['required|timezone', 'Mars/Base', ['timezone']],
    ['required|json', '{"a":1}', []],
    ['required|regex:/^(\\w+)\\.jar$/', 'server.jar', []],
    ['required|regex:/^(\\w+)\\.jar$/', 'server.exe', ['regex']],
    ['required|not_regex:/;/', 'a;b', ['not_regex']],
    ['required|numeric|multiple_of:0.1', '0.3', []],
    ['required|gt:5', 'abcde', ['gt']],
    ['required|integer|gt:5', '6', []],
    ['required|string|in:a|max:0', 'bb', ['in', 'max']],
    ['required|something_of_theirs:1,2', 'anything', []],
    ['required|regex:/(a)\\1/', 'anything', []],
    ['required|between:1', 'anything', []],
    ['required|string', 'a\0b', ['string']],
  ])('%s with %j', (rules, value, refused) => {
    expect(refusedBy(rules, value)).toEqual(refused)
  })

  it.each<[rules: string, like: string, refused: string[]]>([
    ['string|max:3', 'abc', ['string']],
    ['string|max:3', '', []],
    ['nullable|string|max:3', 'abc', []],
    ['nullable|in:1,2', '1', []],
    ['in:1,2', '1', ['in']],
    ['integer|between:1,5', '1', ['integer', 'between']],
    ['boolean', '1', ['boolean']],
    ['max:3', 'abc', []],
    ['min:1', 'abc', ['min']],
    ['regex:/^\\w+$/', 'abc', ['regex']],
    ['required|string', 'abc', ['required']],
  ])('%s, empty where the egg begins with %j', (rules, like, refused) => {
    expect([refusedBy(rules, '', like), refusedBy(rules, '  ', like)]).toEqual([refused, refused])
    expect(isOptional(parseRules(rules), like)).toBe(refused.length === 0)
  })

  it('takes a boolean in the words of the default', () => {
    expect(refusedBy('required|boolean', 'false', 'true')).toEqual([])
  })

  it('says what is wrong', () => {
    expect(validate('abcd', parseRules('max:3'), { name: 'Server name' })).toEqual([
      { rule: 'max', detail: 'The Server name may not be greater than 3 characters.', values: { max: '3' } },
    ])
  })

  it('does not look at endless texts', () => {
    expect(refusedBy('regex:/a/', 'a'.repeat(1_000_000))).toEqual(['max'])
  })
})

describe('controlOf', () => {
  it.each([
    ['required|boolean', '1', { kind: 'switch', on: '1', off: '0' }],
    ['required|boolean', 'false', { kind: 'switch', on: 'true', off: 'false' }],
    ['required|in:TRUE,FALSE', '', { kind: 'switch', on: 'TRUE', off: 'FALSE' }],
    ['required|in:0,1', '', { kind: 'switch', on: '1', off: '0' }],
    ['required|in:easy,normal,hard', '', { kind: 'select', options: ['easy', 'normal', 'hard'] }],
    ['required|integer|between:1,10', '', { kind: 'stepper', min: 1, max: 10, isInteger: true }],
    ['numeric|min:0.5', '', { kind: 'stepper', min: 0.5, max: null, isInteger: false }],
    ['nullable|string|max:20', '', { kind: 'text', type: 'text', min: null, max: 20 }],
    ['nullable|url', '', { kind: 'text', type: 'url', min: null, max: null }],
    ['', '', { kind: 'text', type: 'text', min: null, max: null }],
  ] as const)('%s', (rules, like, control) => {
    expect(controlOf(parseRules(rules), like)).toEqual(control)
  })
})

it('tells rules that nobody knows', () => {
  expect(unknownRules(parseRules('required|strng|required_if:a,1|between:1|regex:/(a)\\1/'))).toEqual([
    'strng',
    'between:1',
  ])
})

it('tells what a person should know before he types', () => {
  expect(hintsOf(parseRules('required|string|alpha_dash|max:20'))).toEqual([
    { rule: 'alpha_dash', values: {} },
    { rule: 'max', values: { max: '20' } },
  ])
  expect([isOptional(parseRules('nullable|string')), isOptional(parseRules('required'))]).toEqual([true, false])
})

it.each([
  [true, '1'],
  [false, '0'],
  [5, '5'],
  [null, ''],
  ['x', 'x'],
  [{}, undefined],
  [[1], undefined],
])('keeps %j as %j', (given, text) => {
  expect(variableText(given)).toBe(text)
})
