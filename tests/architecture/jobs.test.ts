import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, it } from 'vitest'
import { sources } from '../support/tools'

// What is only enqueued waits for ever: no process takes a job that is not in the list.
it('every job is in the list that processes take jobs from', () => {
  const list = readFileSync('server/jobs/definitions/index.ts', 'utf8')
  const files = sources('server/jobs/definitions/*.ts').map((file) => basename(file, '.ts'))
  const missing = files.filter((name) => {
    if (name === 'index') return false
    const exported = /import \{ (\w+) \}/.exec(list.split('\n').find((line) => line.includes(`'./${name}'`)) ?? '')?.[1]
    return !exported || !new RegExp(`^  ${exported},$`, 'm').test(list)
  })

  expect(files.length).toBeGreaterThan(5)
  expect(missing).toEqual([])
})
