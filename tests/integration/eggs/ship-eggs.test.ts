import { asc, eq, sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { eggs, eggVariables, nests } from '#server/database/schema'
import { SHIPPED_EGGS, shipEggs } from '#server/services/eggs/ship-eggs'

it('brings the eggs once; what an administrator changed or deleted stays so', async () => {
  await shipEggs()
  const made = await useDrizzle()
    .select({ name: eggs.name, nest: nests.name, icon: eggs.icon, id: eggs.id })
    .from(eggs)
    .innerJoin(nests, eq(nests.id, eggs.nestId))
    .orderBy(asc(sql`${eggs.id}::bigint`))
  expect(made.map(({ nest, icon }) => [nest, icon])).toEqual(SHIPPED_EGGS.map(({ nest, icon }) => [nest, icon]))
  expect(made[0]?.name).toBe('Shell demo')
  expect(await useDrizzle().$count(eggVariables, eq(eggVariables.eggId, made[0]?.id ?? ''))).toBe(1)

  await useDrizzle().delete(eggs).where(eq(eggs.name, 'Rust'))
  await shipEggs()
  expect(await useDrizzle().$count(eggs)).toBe(SHIPPED_EGGS.length - 1)
})
