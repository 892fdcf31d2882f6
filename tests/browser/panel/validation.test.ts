import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

/** As a contract writes it, made after the app began, as in a build. */
const createBody = () =>
  z.object({ password: z.string(), password_confirmation: z.string() }).check(
    z.refine<{ password: string; password_confirmation: string }>(
      ({ password, password_confirmation: again }) => password === again,
      {
        error: 'The password confirmation does not match.',
        path: ['password'],
        params: { rule: 'confirmed' },
      },
    ),
  )

const issuesOf = (schema: z.ZodType, given: unknown) =>
  schema.safeParse(given).error?.issues.map(({ message }) => message)

describe('what a form says of a field', () => {
  beforeAll(() => useNuxtApp().$language.needFailures())

  it.each<[string, z.ZodType, unknown, string]>([
    ['missing', z.string(), undefined, 'Fill this in.'],
    ['empty', z.string().min(1), '', 'Fill this in.'],
    ['too short', z.string().min(8), 'abc', 'At least 8 characters.'],
    ['too long by one', z.string().max(1), 'ab', 'At most 1 character.'],
    ['too small', z.int().min(3), 1, 'At least 3.'],
    ['too many', z.array(z.int()).max(2), [1, 2, 3], 'At most 2 entries.'],
    ['no address', z.email(), 'marta', 'This is no e-mail address.'],
    ['none of the list', z.enum(['a', 'b']), 'c', 'Choose one of the list.'],
  ])('%s', (_, schema, given, expected) => expect(issuesOf(schema, given)).toEqual([expected]))

  it('names a rule of our own from the dictionary, not in the contract’s English', () => {
    expect(issuesOf(createBody(), { password: 'a', password_confirmation: 'b' })).toEqual(['The two passwords differ.'])
  })

  it('follows the language', async () => {
    const { $language } = useNuxtApp()
    await $language.set('de')
    expect(issuesOf(z.string().min(8), 'abc')).toEqual(['Mindestens 8 Zeichen.'])
    expect(issuesOf(createBody(), { password: 'a', password_confirmation: 'b' })).toEqual([
      'Die beiden Passwörter sind verschieden.',
    ])
    await $language.set('en')
  })
})
