import { describe, expect, it } from 'vitest'
import { EGG_ICONS } from '#shared/contracts/application/eggs'
import { EGG_MARKS } from '../../../app/utils/egg-marks'
import { failuresOf, requestIdOf, statusOf } from '../../../app/utils/failure'
import { formatBytes } from '../../../app/utils/format-bytes'
import { formatDuration } from '../../../app/utils/format-duration'
import { formatMoment, formatTime } from '../../../app/utils/format-time'
import { areasOfPath, pluralRuleOf, preferredLanguage } from '../../../app/utils/languages'
import { onSitePath } from '../../../app/utils/on-site-path'
import { sftpAddressOf } from '../../../app/utils/sftp-address'
import { pressureOf } from '../../../app/utils/server-state'
import { urlOf } from '../../../app/utils/url-of'

const plain = (text: string) => text.replace(/[\u00A0\u202F]/g, ' ')

describe('onSitePath', () => {
  it.each([
    ['/servers/8f0f7e5c?tab=a#end', '/servers/8f0f7e5c?tab=a#end'],
    ['/', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['/\t/evil.example', '/'],
    ['/%09/evil.example', '/%09/evil.example'],
    ['\n//evil.example', '/'],
    ['https://evil.example/', '/'],
    ['javascript:alert(1)', '/'],
    ['/..//evil.example', '/'],
    ['/api/client/account', '/'],
    ['servers', '/'],
    [['/a', '/b'], '/'],
    [undefined, '/'],
  ])('%j leads to %s', (given, expected) => expect(onSitePath(given)).toBe(expected))
})

describe('urlOf', () => {
  const path = '/api/client/servers/:server/files/list'
  it.each([
    [{ server: '8f0f7e5c' }, {}, '/api/client/servers/8f0f7e5c/files/list'],
    [{ server: 'a/../b' }, {}, '/api/client/servers/a%2F..%2Fb/files/list'],
    [
      { server: 'a' },
      { directory: '/plug ins', page: 2 },
      '/api/client/servers/a/files/list?directory=%2Fplug+ins&page=2',
    ],
    [
      { server: 'a' },
      { filter: { name: 'x', '*': undefined }, include: ['egg', 'node'] },
      '/api/client/servers/a/files/list?filter%5Bname%5D=x&include=egg%2Cnode',
    ],
    [
      { server: 'a' },
      { sort: '', empty: null, zero: 0, no: false },
      '/api/client/servers/a/files/list?zero=0&no=false',
    ],
  ])('%o with %o', (params, query, expected) => expect(urlOf({ path }, params, query)).toBe(expected))
})

it('SFTP is reached under the alias of the node, where it has one', () => {
  const server = { identifier: '8f0f7e5c', sftp_details: { ip: 'fra-1.example.test', port: 2022, alias: null } }
  expect(sftpAddressOf('ada', server).command).toBe('sftp -P 2022 ada.8f0f7e5c@fra-1.example.test')
  const aliased = { ...server, sftp_details: { ...server.sftp_details, alias: '2001:db8::1' } }
  expect(sftpAddressOf('ada', aliased).url).toBe('sftp://ada.8f0f7e5c@[2001:db8::1]:2022')
})

describe('failuresOf', () => {
  const errors = [
    {
      code: 'TooManyBackupsException',
      status: '400',
      detail: 'Too many.',
      meta: { reason: 'backup.limit_reached', limit: 2 },
    },
  ]
  it.each<[string, unknown, string | undefined]>([
    ['the report of the server', { data: { errors } }, 'backup.limit_reached'],
    ['a report without meta', { data: { errors: [{ code: 'X', status: '400', detail: 'No.' }] } }, undefined],
    ['a reply that is no report', { data: '<html>' }, 'internal'],
    ['an empty report', { data: { errors: [] } }, 'internal'],
    ['a bug', new TypeError('x'), 'internal'],
    ['silence', Object.assign(new Error('<no response>'), { name: 'FetchError' }), 'no_answer'],
    ['nothing at all', undefined, 'internal'],
  ])('reads %s', (_, thrown, reason) => expect(failuresOf(thrown)[0].meta.reason).toBe(reason))

  it('reads status and request', () => {
    expect(statusOf({ statusCode: 404 })).toBe(404)
    expect(statusOf(new Error('x'))).toBe(0)
    expect(requestIdOf({ response: new Response(null, { headers: { 'x-request-id': 'r1' } }) })).toBe('r1')
    expect(requestIdOf({})).toBeUndefined()
  })
})

describe('formats', () => {
  it.each([
    [0, 'en', '0 B'],
    [999.95 * 1024, 'en', '1 MiB'],
    [3.12 * 1024 ** 3, 'de', '3,1 GiB'],
    [null, 'en', '–'],
  ])('%s bytes in %s: %s', (bytes, language, expected) => expect(plain(formatBytes(bytes, language))).toBe(expected))

  it.each([
    [0, '0 sec'],
    [42, '42 sec'],
    [125, '2 min'],
    [3 * 3600 + 125, '3 h 2 min'],
    [2 * 86_400 + 4 * 3600 + 59, '2 d 4 h'],
    [null, '–'],
  ])('%s seconds last %s', (seconds, expected) => expect(plain(formatDuration(seconds))).toBe(expected))

  it('tells the moment in the zone of the account', () => {
    expect(formatMoment(new Date('2026-11-24T09:16:20Z'), { language: 'en', timeZone: 'Europe/Berlin' })).toBe(
      'Tue, 24 Nov 2026, 10:16:20 Europe/Berlin',
    )
  })

  it.each([
    [2, 'now'],
    [7 * 86_400 - 1, '7 days ago'],
    [7 * 86_400 + 1, '16 Nov 2026'],
  ])('%s seconds ago is %s', (seconds, expected) => {
    const now = Date.parse('2026-11-24T09:16:20Z')
    expect(formatTime(new Date(now - seconds * 1000), { now, language: 'en', timeZone: 'UTC' })).toMatch(
      new RegExp(expected.replace('16 Nov', '1[67] Nov')),
    )
  })

  it.each([
    ['2026-12-02T03:00:00Z', 'in 20 hr'],
    ['2026-12-03T03:00:00Z', 'in 2 days'],
    ['2026-12-03T22:59:00Z', 'in 2 days'],
    ['2026-12-03T23:00:00Z', 'in 3 days'],
    ['2026-11-30T06:00:00Z', 'yesterday'],
    ['2026-11-29T22:59:00Z', '2 days ago'],
  ])('from a Tuesday in Berlin at seven, %s is %s by the calendar', (moment, expected) => {
    const now = Date.parse('2026-12-01T06:02:00Z')
    expect(formatTime(new Date(moment), { now, language: 'en-US', timeZone: 'Europe/Berlin' })).toContain(expected)
  })
})

describe('languages', () => {
  it.each([
    [['de-AT', 'en'], 'de'],
    [['pl', 'EN-us'], 'en'],
    [['fr'], undefined],
    [[''], undefined],
  ])('%j prefers %s', (wanted, expected) => expect(preferredLanguage(wanted)).toBe(expected))

  it.each([
    ['/', 'servers'],
    ['/servers/8f0f7e5c/files', 'servers'],
    ['/auth/login', 'auth'],
    ['/account', 'account'],
    ['/admin/nodes/3', 'admin'],
    ['/administrators', 'servers'],
    ['/account/activity', 'account activity'],
    ['/account/api-keys', 'account api-keys'],
    ['/admin/api-keys', 'admin api-keys'],
    ['/servers/8f0f7e5c/activity', 'servers activity'],
    ['/admin/audit', 'admin activity'],
    ['/admin/settings/mail', 'admin settings'],
    ['/servers/8f0f7e5c/settings', 'servers server notifications'],
    ['/admin', 'admin activity'],
    ['/servers/8f0f7e5c/schedules/new', 'servers schedules'],
    ['/admin/database-hosts', 'admin database-hosts'],
    ['/admin/servers/3/databases', 'admin databases'],
  ])('%s needs the sentences of %s', (path, areas) => expect(areasOfPath(path).join(' ')).toBe(areas))

  it.each([
    ['en', 1, 2, 0],
    ['en', 0, 2, 1],
    ['en', 5, 2, 1],
    ['en', 0, 3, 0],
    ['en', 1, 3, 1],
    ['pl', 1, 4, 0],
    ['pl', 3, 4, 1],
    ['pl', 12, 4, 2],
    ['pl', 1.5, 4, 3],
  ])('in %s, %s of %s cases takes case %s', (language, count, cases, expected) =>
    expect(pluralRuleOf(language)(count, cases)).toBe(expected),
  )
})

it.each([
  [79, 100, 'none'],
  [80, 100, 'warning'],
  [95, 100, 'error'],
  [50, 0, 'none'],
  [50, null, 'none'],
  [null, 100, 'none'],
])('%s of %s is pressure %s', (used, limit, expected) => expect(pressureOf(used, limit)).toBe(expected))

// The bundle of icons is made of the names that stand in the app's own files.
it('draws every mark that an egg may have', () => {
  expect(EGG_MARKS.map((mark) => mark.replace('i-lucide-', ''))).toEqual(EGG_ICONS)
})
