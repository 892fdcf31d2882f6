import { describe, expect, it } from 'vitest'
import { createApplicationKeyBody } from '#shared/contracts/application/api-keys'
import { createApiKeyBody } from '#shared/contracts/client/api-keys'
import { SERVER_PERMISSIONS } from '#shared/permissions'
import {
  areasOf,
  emptyKeyDraft,
  faultsOfKey,
  KEY_AREAS,
  keyBodyOf,
  permissionsIn,
  type KeyDraft,
} from '../../../app/utils/key-form'

const draft = (typed: Partial<KeyDraft>): KeyDraft => ({ ...emptyKeyDraft(), description: ' bot ', ...typed })
const faults = (typed: Partial<KeyDraft>) => faultsOfKey(draft(typed), (key) => key)

describe('the form of a key', () => {
  it.each<[Partial<KeyDraft>, string[]]>([
    [{}, []],
    [{ description: '  ' }, ['description']],
    [{ description: 'x'.repeat(501) }, ['description']],
    [{ addresses: '10.0.0.0/8\n ::1, 10.0.*.*' }, []],
    [{ addresses: '10.0.0.1\nnowhere' }, ['allowed_ips']],
    [{ addresses: '10.0.0.1 '.repeat(51) }, ['allowed_ips']],
    [{ lifetime: 'date' }, ['expires_at']],
    [{ lifetime: 'date', date: '2001-01-01' }, ['expires_at']],
    [{ lifetime: 'date', date: '2999-01-01' }, []],
    [{ perMinute: '0' }, ['requests_per_minute']],
    [{ perMinute: '1.5' }, ['requests_per_minute']],
    [{ perMinute: '100001' }, ['requests_per_minute']],
    [{ perMinute: ' 60 ' }, []],
  ])('finds in %o the faults that the panel would', (typed, names) => {
    expect(faults(typed).map(({ name }) => name)).toEqual(names)
    if (names.length === 0) {
      const body = keyBodyOf(draft(typed))
      expect(createApiKeyBody.safeParse(body).success).toBe(true)
      expect(createApplicationKeyBody.safeParse({ ...body, permissions: { nodes: 1 } }).success).toBe(true)
    }
  })

  it('says it in the words of the API', () => {
    expect(keyBodyOf(draft({ addresses: '10.0.0.1,\n::1', perMinute: '60' }))).toEqual({
      description: 'bot',
      allowed_ips: ['10.0.0.1', '::1'],
      expires_at: null,
      requests_per_minute: 60,
    })
    const { expires_at: end } = keyBodyOf(draft({ lifetime: '30' }))
    expect(Date.parse(end ?? '') - Date.now()).toBeGreaterThan(29.9 * 86_400_000)
  })

  it('parts all that can be done with a server into areas', () => {
    expect(permissionsIn(KEY_AREAS)).toEqual(SERVER_PERMISSIONS)
    expect(permissionsIn(['backups'])).toEqual(SERVER_PERMISSIONS.filter((name) => name.startsWith('backup.')))
    expect(areasOf(permissionsIn(['files', 'console']))).toEqual(['console', 'files'])
    expect(areasOf(['control.start'])).toEqual(['console'])
  })
})
