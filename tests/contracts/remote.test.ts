import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { remote, serverDescription } from '#server/contracts/remote'
import type { z } from 'zod'
import { readDescription } from '../../simulator/configuration.ts'

/** As the two daemons send it, and as they read it. */
const recorded = (name: string): any => JSON.parse(readFileSync(`tests/fixtures/wings/${name}.json`, 'utf8'))

const bodyOf = (endpoint: { schemas: { body: z.ZodType } }, sent: unknown): any => endpoint.schemas.body.parse(sent)

describe('what Wings reports', () => {
  it.each([
    ['backup-completed', remote.reportBackup],
    ['backup-completed-in-parts', remote.reportBackup],
    ['backup-failed', remote.reportBackup],
    ['restore-completed', remote.reportRestore],
    ['install-completed', remote.reportInstallation],
    ['reinstall-failed', remote.reportInstallation],
    ['container-status', remote.reportStatus],
    ['sftp-password', remote.signInToSftp],
    ['sftp-public-key', remote.signInToSftp],
    ['activity', remote.reportActivity],
    ['activity-over-sftp', remote.reportActivity],
  ])('%s is read whole', (name, endpoint) => {
    expect(bodyOf(endpoint, recorded(name))).toMatchObject(recorded(name))
  })

  it('may be an archive of more than 2 GiB', () => {
    expect(bodyOf(remote.reportBackup, recorded('backup-completed'))).toMatchObject({
      successful: true,
      size: 3_221_225_472,
    })
  })

  it('may hold keys that nobody knows, and lack what an older daemon does not send', () => {
    expect(bodyOf(remote.reportInstallation, { successful: true, later: [1] })).toEqual({
      successful: true,
      reinstall: false,
    })
    expect(bodyOf(remote.reportBackup, { successful: false })).toEqual({
      successful: false,
      checksum: '',
      checksum_type: '',
      size: 0,
      parts: null,
    })
    expect(bodyOf(remote.signInToSftp, { type: 'password', username: 'a.8f0f7e5c', password: '' })).toMatchObject({
      ip: '',
    })
  })

  it('is nothing, and then no body is asked for', () => {
    expect(remote.resetServers.schemas).not.toHaveProperty('body')
  })

  it.each(['a\0.8f0f7e5c', 7, null])('is refused where it is no name: %j', (username) => {
    expect(remote.signInToSftp.schemas.body.safeParse({ ...recorded('sftp-password'), username }).success).toBe(false)
  })
})

describe('an activity batch', () => {
  const [good] = recorded('activity').data
  const read = (body: unknown) => bodyOf(remote.reportActivity, body).data

  it.each<[string, unknown]>([
    ['no row', null],
    ['a text', 'row'],
    ['an unreadable server', { ...good, server: '8F0F7E5C' }],
    ['no event', { ...good, event: undefined }],
    ['an unreadable time', { ...good, timestamp: 'yesterday' }],
  ])('passes over %s and keeps the rest', (_, bad) => {
    expect(read({ data: [good, bad, good] })).toEqual([good, good])
  })

  it.each<[string, object, object]>([
    ['who is no user', { user: 'root' }, { user: null }],
    ['from no address', { ip: '198.51.100.7:51234' }, { ip: null }],
    ['with metadata of another kind', { metadata: [1] }, { metadata: {} }],
    [
      'that holds NUL, which no database takes',
      { metadata: { 'a\0': ['b\0', { c: '\0' }] } },
      { metadata: { a: ['b', { c: '' }] } },
    ],
  ])('keeps a row %s', (_, sent, kept) => {
    expect(read({ data: [{ ...good, ...sent }] })).toEqual([{ ...good, ...kept }])
  })

  it.each([null, 7, [], {}, { data: null }, { data: 'x' }, { data: {} }])(
    'is empty where nothing can be read: %j',
    (body) => {
      expect(read(body)).toEqual([])
    },
  )

  it('survives a row that is nested without end', () => {
    const metadata = JSON.parse(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`)
    expect(read({ data: [{ ...good, metadata }, good] }).at(-1)).toEqual(good)
  })
})

describe('what Wings asks', () => {
  it.each([
    [
      { page: '0', per_page: '50' },
      { page: 1, per_page: 50 },
    ],
    [
      { page: '7', per_page: '100' },
      { page: 7, per_page: 100 },
    ],
    [{}, { page: 1, per_page: 50 }],
    [
      { page: 'x', per_page: '-1' },
      { page: 1, per_page: 50 },
    ],
  ])('for the pages of its servers: %j', (query, expected) => {
    expect(remote.listServers.schemas.query.parse(query)).toEqual(expected)
  })
})

describe('what we answer', () => {
  it.each([
    ['boot-list', remote.listServers],
    ['server', remote.describeServer],
    ['install-script', remote.describeInstallation],
    ['sftp-grant', remote.signInToSftp],
  ])('%s is whole', (name, endpoint) => {
    expect(endpoint.schemas.reply.parse(recorded(name))).toEqual(recorded(name))
  })

  it.each(['pterodactyl', 'pelican'] as const)('is read by a daemon of %s', (flavour) => {
    const { settings, done, files } = readDescription(JSON.stringify(recorded('server')), flavour)
    expect(settings).toMatchObject({
      uuid: recorded('server').settings.uuid,
      build: { memory_limit: 2_048, threads: '' },
    })
    expect(done).toHaveLength(2)
    expect(files[0]?.replace).toEqual([
      { match: 'server-port', ifValue: null, with: '25565' },
      { match: 'motd', ifValue: 'A Minecraft Server', with: 'Hello' },
    ])
  })

  const description = recorded('server')
  it.each<[string, (wrong: typeof description) => unknown]>([
    ['a limit as text', ({ settings }) => (settings.build.memory_limit = '2048')],
    ['a limit in fractions', ({ settings }) => (settings.build.cpu_limit = 1.5)],
    ['0 for false', ({ settings }) => (settings.suspended = 0)],
    ['a list for a map', ({ settings }) => (settings.environment = [])],
    ['a map for a list', ({ settings }) => (settings.mounts = {})],
    ['a number among the variables', ({ settings }) => (settings.environment.PORT = 25_565)],
    ['no default allocation', ({ settings }) => (settings.allocations.default = null)],
    ['a port as text', ({ settings }) => (settings.allocations.mappings['203.0.113.5'] = ['25565'])],
    ['a uuid in capitals', ({ settings }) => (settings.uuid = settings.uuid.toUpperCase())],
    ['no project id', ({ settings }) => delete settings.id],
    ['a null among what is waited for', ({ process_configuration: told }) => told.startup.done.push(null)],
    ['a condition that is null', ({ process_configuration: told }) => (told.configs[0].replace[0].if_value = null)],
    ['a file without its list', ({ process_configuration: told }) => delete told.configs[0].replace],
    [
      'a replacement that is an object',
      ({ process_configuration: told }) => (told.configs[0].replace[0].replace_with = {}),
    ],
    ['no process configuration', (wrong) => (wrong.process_configuration = null)],
  ])('must not hold %s', (_, spoil) => {
    const wrong = structuredClone(description)
    spoil(wrong)
    expect(serverDescription.safeParse(wrong).success).toBe(false)
  })
})
