import { describe, expect, it } from 'vitest'
import type { Job } from '#server/jobs/define-job'
import { definitions } from '#server/jobs/definitions/index'
import { AWAITED } from '#server/jobs/queue'

const files = import.meta.glob<Record<string, unknown>>('../../server/jobs/definitions/*.ts', { eager: true })
const isJob = (value: unknown): value is Job => typeof value === 'object' && value !== null && 'run' in value
const defined = Object.values(files).flatMap((file) => Object.values(file).filter(isJob))

describe('jobs', () => {
  it('are all taken by the process that runs jobs', () => {
    const taken = new Set(definitions)
    expect(defined.filter((job) => !taken.has(job)).map(({ name }) => name)).toEqual([])
  })

  it('have names of their own', () => {
    const names = defined.map(({ name }) => name)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  it('name the node or the host that they wait for, so that they can be woken when it is seen', () => {
    const patient = defined.filter(({ retries }) => retries === 'until_told')
    const shapeOf = ({ data }: Job) => (data as { shape?: object }).shape ?? {}
    expect(patient.filter((job) => !AWAITED.some((id) => id in shapeOf(job)))).toEqual([])
  })
})
