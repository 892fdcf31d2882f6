import { expect, it } from 'vitest'
import { examineSurroundings } from '../../../bin/doctor/surroundings.ts'
import { makeDatabaseHost, makeNode } from '../../support/factories'

it('xyra doctor looks at the first 200 nodes, and says that there are more', async () => {
  // Nothing listens there, so each of them answers at once.
  for (let count = 0; count < 202; count += 1) await makeNode({ baseUrl: `http://127.0.1.${count}:1` })

  const found = await examineSurroundings()

  expect(found.filter(({ name }) => name.startsWith('node '))).toHaveLength(200)
  expect(found.find(({ name }) => name === 'nodes')?.says).toBe(
    '2 more were not looked at; their pages say how they are',
  )
})

it('xyra doctor says which database host lets nobody in, in its own words', async () => {
  const { name } = await makeDatabaseHost({ host: '127.0.0.1', port: 9 })

  const found = await examineSurroundings()

  expect(found.find((one) => one.name === `database host ${name}`)).toMatchObject({
    isGood: false,
    says: 'does not work: Connection refused: nothing listens there.',
  })
})
