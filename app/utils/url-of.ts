import type { Endpoint } from '#shared/contracts/endpoint'

type Values = Record<string, unknown>

function* pairs(name: string, value: unknown): Generator<[string, string]> {
  if (value === undefined || value === null || value === '') return
  // Lists travel joined by commas, as `include` and `sort` are read.
  if (Array.isArray(value)) yield [name, value.join(',')]
  else if (typeof value === 'object')
    for (const [key, inner] of Object.entries(value)) yield* pairs(`${name}[${key}]`, inner)
  else yield [name, String(value)]
}

/** The address of a call: the path with its parameters, and what is asked with it; empty values are left out. */
export function urlOf(endpoint: Pick<Endpoint, 'path'>, params?: Values, query?: Values): string {
  const path = endpoint.path.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(params?.[name] ?? '')),
  )
  const search = new URLSearchParams(
    Object.entries(query ?? {}).flatMap(([name, value]) => [...pairs(name, value)]),
  ).toString()
  return search ? `${path}?${search}` : path
}
