import { basename, dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sources } from '../support/tools'

const routes = sources('server/{api,routes}/**/*.ts')

describe('names', () => {
  it('has one name per path parameter and folder', () => {
    const names = new Map<string, Set<string>>()
    for (const file of routes) {
      for (let path = file; path !== '.'; path = dirname(path)) {
        const parameter = /^\[(?!\.\.\.)([^\]]+)\]/.exec(basename(path))?.[1]
        if (parameter) {
          names.set(dirname(path), (names.get(dirname(path)) ?? new Set()).add(parameter))
        }
      }
    }

    expect(
      [...names].filter(([, found]) => found.size > 1).map(([folder, found]) => `${folder}: ${[...found].join(', ')}`),
    ).toEqual([])
  })

  it('says of what an identifier in a path is', () => {
    // `eggs/uuid/[uuid]` says it.
    const silent = routes.filter((file) => {
      const [, folder, parameter] = /([^/]+)\/\[(id|uuid|slug|key|name)\]/.exec(file) ?? []
      return parameter !== folder
    })

    expect(silent).toEqual([])
  })

  it('has no drawer among the files', () => {
    const drawer = /(^|[-/])(helpers?|utils?|misc|common|manager)\.(ts|vue)$/

    expect(sources('{app,server,shared,bin,simulator}/**/*.{ts,vue}').filter((file) => drawer.test(file))).toEqual([])
  })

  it('writes files of the server in kebab-case and components in PascalCase', () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.(get|post|put|patch|delete|ws))?\.ts$/
    const pascal = /^[A-Z]\w*(\.client|\.server)?\.vue$/
    const odd = [
      ...sources('{server,shared,bin}/**/*.ts').filter(
        (file) => !kebab.test(basename(file)) && !basename(file).startsWith('['),
      ),
      ...sources('app/components/**/*.vue').filter((file) => !pascal.test(basename(file))),
    ]

    expect(odd).toEqual([])
  })
})
