import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isRootPath, normalPath } from '#shared/utils/paths'

describe('normalPath', () => {
  it.each([
    ['', '/'],
    ['/', '/'],
    ['.', '/'],
    ['././/', '/'],
    ['plugins', '/plugins'],
    ['/plugins//a.jar', '/plugins/a.jar'],
    ['./world/./level.dat/', '/world/level.dat'],
    ['...', '/...'],
    ['a..b/..c/d..', '/a..b/..c/d..'],
    ['.env', '/.env'],
    ['my files/100%.txt', '/my files/100%.txt'],
    ['a%2fb', '/a%2fb'],
    ['plugins\\config.yml', '/plugins\\config.yml'],
    ['日本語/ü.txt', '/日本語/ü.txt'],
  ])('spells %j as %j', (given, expected) => {
    expect(normalPath(given)).toBe(expected)
  })

  it.each([
    '..',
    '/..',
    'a/..',
    'a/../b',
    '../../etc/passwd',
    '/a/b/../../..',
    'a/ ../b',
    '.. /b',
    '..\\..\\etc',
    'a\\..\\b',
    '/a/..\\b',
    '\\..',
    '%2e%2e/etc',
    '.%2e/etc',
    '%2E./a',
    '%252e%252e/a',
    'a/%2e%2e',
    '..%2fetc',
    '..%5cetc',
    'a%2f..%2fb',
    '%25252e%252e%2fa',
    'a\0b',
    '\0',
    'a%00b',
    'a%2500b',
    'a\ud800',
    'x'.repeat(4097),
    'ü'.repeat(2049),
  ])('refuses %j', (given) => {
    expect(normalPath(given)).toBeNull()
  })

  it('sec-35: whatever it is given, what it returns stays inside, and means itself', () => {
    const pieces = [
      '..',
      '.',
      '/',
      '\\',
      '%2e',
      '%2E',
      '%252e',
      '%2f',
      '%5c',
      '%00',
      '\0',
      'a',
      'b.txt',
      ' ',
      '\n',
      'ü',
      '…',
      '．．',
      '%',
      '25',
      '\ud83d',
    ]
    let seed = 7
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below

    for (let round = 0; round < 20_000; round++) {
      const given = Array.from({ length: 1 + random(9) }, () => pieces[random(pieces.length)]).join('')
      const path = normalPath(given)
      if (path === null) continue

      let decoded = path
      for (let time = 0; time < 5; time++) {
        const readings = [decoded, decoded.replaceAll('\\', '/')]
        expect(
          readings.flatMap((reading) => reading.split('/')),
          given,
        ).not.toContain('..')
        expect(decoded, given).not.toContain('\0')
        decoded = decoded.replace(/%(25|2e|2f|5c|00)/gi, (_, hex: string) =>
          String.fromCharCode(Number.parseInt(hex, 16)),
        )
      }

      expect(path, given).toMatch(/^\//)
      expect(normalPath(path), given).toBe(path)
      expect(posix.resolve('/srv', `.${path}`), given).toMatch(/^\/srv(\/|$)/)
      expect(() => encodeURIComponent(path), given).not.toThrow()
    }
  })
})

it.each(['', '.', '/', '//', './', '/./.'])('knows the root as %j', (given) => {
  expect(isRootPath(given)).toBe(true)
})

it.each(['a', '/a', 'x/..', '..', '...'])('does not take %j for the root', (given) => {
  expect(isRootPath(given)).toBe(false)
})
