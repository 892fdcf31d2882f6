import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

interface Lock {
  packages: Record<
    string,
    { resolved?: string; link?: boolean; integrity?: string; inBundle?: boolean; version?: string }
  >
}

const text = readFileSync('package-lock.json', 'utf8')
const { packages } = JSON.parse(text) as Lock

describe('package-lock.json', () => {
  it('names no place that packages come from: each machine has its own', () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([])
    // Addresses of people and funds stand in it too.
    expect(text).not.toMatch(/"resolved"|registry/)
  })

  it('says what each package must be', () => {
    const unproven = Object.entries(packages)
      .filter(([place, { integrity, inBundle, link }]) => place !== '' && !integrity && !inBundle && !link)
      .map(([place]) => place)

    expect(unproven).toEqual([])
  })
})

it('.npmrc keeps it so', () => {
  expect(readFileSync('.npmrc', 'utf8')).toContain('omit-lockfile-registry-resolved=true')
})
