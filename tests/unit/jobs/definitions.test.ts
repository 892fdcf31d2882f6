import { expect, it } from 'vitest'
import { definitions } from '#server/jobs/definitions/index'
import type { Job } from '#server/jobs/define-job'

const modules = import.meta.glob<Record<string, Job>>('../../../server/jobs/definitions/*.ts', { eager: true })

it('lists every job: what is in no list is put on a queue that nobody works at', () => {
  const defined = Object.entries(modules)
    .filter(([file]) => !file.endsWith('/index.ts'))
    .flatMap(([, exported]) => Object.values(exported).map(({ name }) => name))
  expect(definitions.map(({ name }) => name).toSorted()).toEqual(defined.toSorted())
})
