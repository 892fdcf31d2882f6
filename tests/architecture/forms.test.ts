import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { sources } from '../support/tools'

it('leads to the first fault of every form that was refused', () => {
  const lost = sources('app/**/*.vue').filter((file) => {
    const text = readFileSync(file, 'utf8')
    return (text.match(/<UForm\s/g) ?? []).length !== (text.match(/@error="focusFirstFault"/g) ?? []).length
  })

  expect(lost).toEqual([])
})
