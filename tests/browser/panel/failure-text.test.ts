import { describe, expect, it } from 'vitest'
import { within } from './stage'

describe('useFailureText', () => {
  it.each([
    ['database_host.in_use', 1, '1 database is on it, of Survival. Delete it first.'],
    ['database_host.in_use', 3, '3 databases are on it, of Survival. Delete them first.'],
    ['backup_host.in_use', 1, '1 backup is kept there, of Survival. Delete it first.'],
    ['backup_host.in_use', 3, '3 backups are kept there, of Survival. Delete them first.'],
  ])('%s: one and many', async (reason, count, sentence) => {
    const say = await within(() => useFailureText())
    const failure = {
      code: 'DisplayException',
      status: '400',
      detail: '',
      meta: { reason, count, servers: 'Survival' },
    }
    expect(say({ data: { errors: [failure] } })).toBe(sentence)
  })
})
