import { describe, expect, it } from 'vitest'
import type { Endpoint } from '#shared/contracts/endpoint'
import { routeFiles, signatureOf } from '../support/routes'

const isEndpoint = (value: unknown): value is Endpoint =>
  typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'schemas' in value

/** Everything that a contract file exports, however deep it lies. */
function endpointsIn(value: unknown): Endpoint[] {
  if (isEndpoint(value)) return [value]
  if (typeof value !== 'object' || value === null || '_zod' in value) return []
  return Object.values(value).flatMap(endpointsIn)
}

const contracts = import.meta.glob('../../{shared/contracts,server/contracts}/**/*.ts', { eager: true })
const promised = Object.values(contracts).flatMap(endpointsIn)
const nameOf = ({ method, path }: { method?: string | undefined; path: string }) => `${method} ${path}`

/** Judged by hand: what no other route answers. */
const WITHOUT_CONTRACT = ['/api/**']

const served = Object.entries(routeFiles).filter(([file]) => !WITHOUT_CONTRACT.includes(signatureOf(file).path))

describe('routes and contracts', () => {
  it.each(served)('%s serves the contract that its file name promises', async (file, load) => {
    const { endpoint } = (await load()).default
    expect(endpoint && nameOf(endpoint)).toBe(nameOf(signatureOf(file)))
  })

  it('serves every endpoint that a contract promises', () => {
    const files = new Set(served.map(([file]) => nameOf(signatureOf(file))))
    expect(promised.map(nameOf).filter((name) => !files.has(name))).toEqual([])
  })

  it('promises no endpoint twice', () => {
    const names = [...new Set(promised)].map(nameOf)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  it('names one path parameter per folder, or the router loses routes without a word', () => {
    const names = new Map<string, Set<string>>()
    for (const file of Object.keys(routeFiles)) {
      const parts = file.split('/')
      parts.forEach((part, index) => {
        const [, name] = /^\[(\w+)\]/.exec(part) ?? []
        if (!name) return
        const folder = parts.slice(0, index).join('/')
        names.set(folder, (names.get(folder) ?? new Set()).add(name))
      })
    }
    expect(
      [...names].filter(([, all]) => all.size > 1).map(([folder, all]) => `${folder}: ${[...all].join(', ')}`),
    ).toEqual([])
  })
})
