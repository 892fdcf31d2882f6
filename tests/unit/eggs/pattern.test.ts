import { describe, expect, it } from 'vitest'
import { compilePattern } from '#shared/utils/pattern'

/** [pattern in PHP's spelling, a text, whether it fits] */
const CASES: [string, string, boolean][] = [
  ['/^([\\w\\d._-]+)(\\.jar)$/', 'server.jar', true],
  ['/^([\\w\\d._-]+)(\\.jar)$/', 'server jar', false],
  ['/^(latest|\\d+(\\.\\d+)*)$/', '1.21.4', true],
  ['/^(latest|\\d+(\\.\\d+)*)$/', 'newest', false],
  ['#^https?://[^\\s]+$#i', 'HTTPS://example.test/x', true],
  ['{^a{2,3}$}', 'aaa', true],
  ['{^a{2,3}$}', 'aaaa', false],
  ['/^a{2,}$/', 'aaaaa', true],
  ['/^.{0,4}$/', 'abcde', false],
  ['/^(?!.*\\.\\.)[a-z.]+$/', 'a.b', true],
  ['/^(?!.*\\.\\.)[a-z.]+$/', 'a..b', false],
  ['/^(?=.*\\d)(?=.*[a-z]).{4,}$/', 'abc1', true],
  ['/^(?=.*\\d)(?=.*[a-z]).{4,}$/', 'abcd', false],
  ['/(?<=v)\\d/', 'v1', true],
  ['/(?<!v)\\d/', 'v1', false],
  ['/^\\p{L}+$/u', 'Übung', true],
  ['/^\\w+$/', 'Übung', false],
  ['/^\\w+$/u', 'Übung', true],
  ['/^[[:alnum:]_]+$/', 'ab_1', true],
  ['/^[^a-z]$/i', 'B', false],
  ['/^[]a]+$/', ']a', true],
  ['/^[a\\-z]+$/', 'a-z', true],
  ['/^[\\w-]+$/', 'a-b', true],
  ['/^ a  b # words\n c $/x', 'abc', true],
  ['/\\bword\\b/', 'a word.', true],
  ['/\\bword\\b/', 'swords', false],
  ['/^(?:(?i)ab)c$/', 'ABc', true],
  ['/^(?:(?i)ab)c$/', 'ABC', false],
  ['/^(?<name>x)(?P<other>y)(?>z)$/', 'xyz', true],
  ['/^a++b$/', 'aaab', true],
  ['/^\\x41\\x{42}\\t$/', 'AB\t', true],
  ['/^\\Qa.b\\E$/', 'a.b', true],
  ['/^\\Qa.b\\E$/', 'axb', false],
  ['/^x|y$/', 'zy', true],
  ['/^$/', '', true],
  ['/^a$/', 'a\n', false],
  ['/b/A', 'ab', false],
  ['/^(a*)*$/', 'aaa', true],
]

describe('compilePattern', () => {
  it.each(CASES)('%s on %j: %s', (pattern, text, expected) => {
    expect(compilePattern(pattern)?.test(text)).toBe(expected)
  })

  it.each([
    '/(a)\\1/',
    '/a',
    'abc',
    '',
    '/[a/',
    '/(a/',
    '/a)/',
    '/*a/',
    '/a/q',
    '/(?R)/',
    '/a{3,2}/',
    '/\\p{Nonsense}/',
    '/(((((a{1000}){1000}){1000}){1000}){1000})/',
    '/((((){1000}){1000}){1000})/',
    `/${'('.repeat(5000)}/`,
  ])('does not take %s for a pattern', (pattern) => {
    expect(compilePattern(pattern)).toBeNull()
  })

  it.each(['/^(a+)+$/', '/^(a|aa)+$/', '/^(\\w+\\s?)*$/', '/^((a*)*)*$/', '/(?=(a+)+$)b/', '/(?<=(a+)+)b/'])(
    'decides %s quickly',
    (pattern) => {
      const started = performance.now()
      expect(compilePattern(pattern)?.test(`${'a'.repeat(3000)}!`)).toBe(false)
      expect(performance.now() - started).toBeLessThan(1500)
    },
  )
})
