import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

interface Lock {
  packages: Record<string, { version: string }>
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock
const numbersOf = (version: string) => version.split(/[.-]/).slice(0, 3).map(Number)

function isAtLeast(version: string, least: string): boolean {
  const [given, wanted] = [numbersOf(version), numbersOf(least)]
  const place = given.findIndex((number, index) => number !== wanted[index])
  return place < 0 || (given[place] ?? 0) > (wanted[place] ?? 0)
}

/** Before these, each has a published hole that a panel would be open to. */
it.each([
  ['nuxt', '4.5.2'],
  ['h3', '1.15.11'],
  ['nitropack', '2.13.4'],
  ['better-auth', '1.6.14'],
])('sec-60 %s is at least %s, wherever it is installed', (name, least) => {
  const installed = Object.entries(packages)
    .filter(([path]) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`))
    .map(([path, { version }]) => [path, version] as const)
  expect(installed.length).toBeGreaterThan(0)
  expect(installed.filter(([, version]) => !isAtLeast(version, least))).toEqual([])
})

it('compares versions by their numbers', () => {
  expect(isAtLeast('1.15.9', '1.15.11')).toBe(false)
  expect(isAtLeast('2.0.0', '1.15.11')).toBe(true)
  expect(isAtLeast('1.15.11', '1.15.11')).toBe(true)
})
