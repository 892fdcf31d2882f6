import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { environment, launchEnvironment, readEnvironment } from '#server/env'
import { ownSecretFile, provideOwnSecret } from '#server/env/app-secret'

const good = { DATABASE_URL: 'postgres://panel@127.0.0.1/panel', APP_SECRET: '0f1e2d3c4b5a69788796a5b4c3d2e1f0' }
const refusalOf = (given: Record<string, string>) => {
  try {
    readEnvironment(environment, given)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

describe('the environment', () => {
  it('takes an empty value for none', () => {
    expect(readEnvironment(environment, { ...good, PORT: '', APP_URL: '', HOST: '' })).toMatchObject({ PORT: 3000 })
  })

  it.each([
    [
      'smtp://panel%40example.com:p%3Ass@mail.example.com',
      { host: 'mail.example.com', port: 587, encryption: 'starttls', username: 'panel@example.com', password: 'p:ss' },
    ],
    ['smtps://mail.example.com', { port: 465, encryption: 'tls', username: '' }],
    ['smtp://127.0.0.1:25?encryption=none', { host: '127.0.0.1', port: 25, encryption: 'none' }],
  ])('reads the mail server %s', (SMTP_URL, server) => {
    expect(readEnvironment(environment, { ...good, SMTP_URL }).SMTP_URL).toMatchObject(server)
  })

  it.each(['mail.example.com', 'http://mail.example.com', 'smtp://', 'smtp://x?encryption=maybe', 'smtp://%zz@x'])(
    'refuses the mail server %s without repeating it',
    (SMTP_URL) => {
      const said = refusalOf({ ...good, SMTP_URL })
      expect(said).toContain('SMTP_URL is not the address of a mail server')
      expect(said).not.toContain(`${SMTP_URL}.`)
    },
  )

  it('reads who mails come from', () => {
    const read = (MAIL_FROM: string) => readEnvironment(environment, { ...good, MAIL_FROM }).MAIL_FROM
    expect(read('Kestrel Hosting <panel@example.com>')).toEqual({
      name: 'Kestrel Hosting',
      address: 'panel@example.com',
    })
    expect(read('panel@example.com')).toEqual({ name: '', address: 'panel@example.com' })
    expect(refusalOf({ ...good, MAIL_FROM: 'Kestrel' })).toContain('MAIL_FROM is no sender')
  })

  it('needs neither database nor secret before they are there', () => {
    expect(readEnvironment(launchEnvironment, { DATABASE_URL: '' }).DATABASE_URL).toBeUndefined()
  })

  it('says all that is wrong at once, each by its name', () => {
    const lines = refusalOf({
      DATABASE_URL: 'mysql://x',
      APP_SECRET: 'short',
      PORT: '80 or 81',
      WEB_WORKERS: '0',
      APP_URL: 'panel',
    }).split('\n')

    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      'DATABASE_URL',
      'APP_SECRET',
      'APP_URL',
      'PORT',
      'WEB_WORKERS',
    ])
  })

  it('never repeats a secret', () => {
    expect(refusalOf({ ...good, APP_SECRET: 'tiny-but-mine', DATABASE_URL: 'panel:hidden@host' })).not.toMatch(
      /tiny|hidden/,
    )
  })

  it.each(['10.0.0.0/8', '::1', '192.0.2.7', 'fd00::/8, 10.1.2.3'])('takes %s for trusted proxies', (text) => {
    expect(refusalOf({ ...good, TRUSTED_PROXIES: text })).toBe('')
  })

  it.each(['10.0.0.0/33', 'proxy.local', '::1/129', '10.0.0.0/8/8', '10.0.0/8'])(
    'refuses %s for trusted proxies',
    (text) => {
      expect(refusalOf({ ...good, TRUSTED_PROXIES: text })).toContain('TRUSTED_PROXIES')
    },
  )

  it('has no slash at the end of the address', () => {
    expect(readEnvironment(environment, { ...good, APP_URL: 'https://panel.example.com/' }).APP_URL).toBe(
      'https://panel.example.com',
    )
  })
})

describe("the panel's own secret", () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'xyra-secret-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('is made once, and read by nobody else', () => {
    const secret = provideOwnSecret(folder)

    expect(secret).toMatch(/^[0-9a-f]{64}$/)
    expect(provideOwnSecret(folder)).toBe(secret)
    expect(statSync(ownSecretFile(folder)).mode & 0o777).toBe(0o600)
  })

  it('is not replaced where the file was damaged', () => {
    writeFileSync(ownSecretFile(folder), 'gone\n')

    expect(() => provideOwnSecret(folder)).toThrow(/from a backup/)
    expect(readFileSync(ownSecretFile(folder), 'utf8')).toBe('gone\n')
  })
})
