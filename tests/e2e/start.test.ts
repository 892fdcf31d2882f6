import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { parse } from 'yaml'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { makeDatabase, type OwnDatabase } from '../support/database'
import { TEST_SECRET } from '../support/panel'
import { runXyra, startXyra } from '../support/xyra'

const OTHER_SECRET = TEST_SECRET.split('').reverse().join('')

const folders: string[] = []
const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'xyra-start-'))
  folders.push(folder)
  return folder
}

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

const clusterOf = (folder: string) =>
  join(folder, readdirSync(folder).find((name) => /^postgres-\d+$/.test(name)) ?? 'none')
const runsIn = (folder: string) => existsSync(join(clusterOf(folder), 'postmaster.pid'))

/** The commands that README gives under this heading, each as its arguments. */
function commandsOf(heading: string): string[][] {
  const [, section = ''] = readFileSync('README.md', 'utf8').split(`## ${heading}\n`)
  const [, block = ''] = /```sh\n([\s\S]*?)```/.exec(section) ?? []
  return block
    .split('\n')
    .filter((line) => line.startsWith('npm run -s xyra -- '))
    .map((line) => line.replace('npm run -s xyra -- ', '').split(' '))
}

describe('README alone', () => {
  it("leads from an empty machine to a node's configuration", async () => {
    const environment = environmentOf({ XYRA_DATA_DIR: newFolder() })
    const commands = commandsOf('Without a browser')
    expect(commands.map(([name]) => name)).toEqual(expect.arrayContaining(['create-user', 'node-configuration']))

    let last = ''
    for (const command of commands) {
      const { code, stdout, stderr } = await runXyra(command, environment)
      expect([command[0], code, stderr]).toEqual([command[0], 0, ''])
      last = stdout
    }
    expect(parse(last)).toMatchObject({
      uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      token_id: expect.stringMatching(/^\w{16}$/),
      token: expect.stringMatching(/^\w{64}$/),
      remote: expect.stringMatching(/^https?:\/\//),
    })
  })
})

describe('xyra start on a database of its own', () => {
  const folder = newFolder()

  it('says where it is and how the first person comes in, and leaves nothing running', async () => {
    const port = await freePort()
    const panel = startXyra(['start'], environmentOf({ XYRA_DATA_DIR: folder, PORT: String(port) }))
    await panel.says(/ready at http:\/\/localhost:\d+/)
    const [, token] = await panel.says(/http:\/\/localhost:\d+\/auth\/setup#(\S+)/)

    expect(token?.length).toBeGreaterThan(40)
    expect(statSync(join(folder, 'app.secret')).mode & 0o777).toBe(0o600)
    expect((await fetch(`http://127.0.0.1:${port}/api/health`)).status).toBe(200)

    panel.process.kill('SIGTERM')
    expect((await panel.ended).code).toBe(0)
    expect(runsIn(folder)).toBe(false)
  })

  it('makes an administrator without a browser, who is asked for no set-up then', async () => {
    const made = await runXyra(
      ['create-user', '--username', 'Ada', '--email', 'ada@example.com', '--root', '--json'],
      environmentOf({ XYRA_DATA_DIR: folder }),
    )

    expect(made.stderr).toBe('')
    expect(JSON.parse(made.stdout)).toMatchObject({
      id: 1,
      username: 'ada',
      root_admin: true,
      password: expect.stringMatching(/^\S{20}$/),
    })

    const again = await runXyra(
      ['create-user', '--username', 'ada', '--email', 'x'],
      environmentOf({ XYRA_DATA_DIR: folder }),
    )
    expect(again.code).toBe(2)
    expect(again.stderr).toContain('email')

    const link = await runXyra(['setup-link'], environmentOf({ XYRA_DATA_DIR: folder }))
    expect(link.stdout).toContain('has been set up already')
  })

  it('lets a second process use the database of the first, and tells others its address', async () => {
    const first = startXyra(['start'], environmentOf({ XYRA_DATA_DIR: folder, PORT: String(await freePort()) }))
    await first.says(/ready at/)
    const second = startXyra(['start'], environmentOf({ XYRA_DATA_DIR: folder, PORT: String(await freePort()) }))
    await second.says(/the database that another process of this panel started/)

    const doctor = await runXyra(['doctor', '--json'], environmentOf({ XYRA_DATA_DIR: folder }))
    const report = JSON.parse(doctor.stdout) as { databaseUrl: string; findings: { name: string; ok: boolean }[] }
    // Nobody has told this panel yet where people reach it.
    expect(report.findings.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['address'])
    expect(report).toMatchObject({
      ok: false,
      kind: 'embedded',
      wasRunning: true,
      secret: { source: 'file', opens: true },
    })
    expect(await countUsers(report.databaseUrl)).toBe(1)

    second.process.kill('SIGTERM')
    expect((await second.ended).code).toBe(0)
    expect(runsIn(folder)).toBe(true)

    first.process.kill('SIGINT')
    expect((await first.ended).code).toBe(0)
    expect(runsIn(folder)).toBe(false)
  })

  it('serves by several processes, and stops them all', async () => {
    const port = await freePort()
    const panel = startXyra(['start'], environmentOf({ XYRA_DATA_DIR: folder, PORT: String(port), WEB_WORKERS: '2' }))
    await panel.says(/ready at/)
    expect(panel.stdout()).not.toContain('/auth/setup')

    const begun = Date.now()
    panel.process.kill('SIGTERM')
    expect((await panel.ended).code).toBe(0)
    expect(Date.now() - begun).toBeLessThan(5000)
    expect(runsIn(folder)).toBe(false)
    await expect(fetch(`http://127.0.0.1:${port}/api/health`)).rejects.toThrow()
  })

  it('stops the database when it is killed, and starts again', async () => {
    const panel = startXyra(['start'], environmentOf({ XYRA_DATA_DIR: folder, PORT: String(await freePort()) }))
    await panel.says(/ready at/)
    panel.process.kill('SIGKILL')
    await panel.ended
    await expect.poll(() => runsIn(folder), { timeout: 10_000 }).toBe(false)

    expect((await runXyra(['migrate'], environmentOf({ XYRA_DATA_DIR: folder }))).code).toBe(0)
  })

  it('refuses another secret than the one that sealed its values', async () => {
    const { code, stderr } = await runXyra(
      ['migrate'],
      environmentOf({ XYRA_DATA_DIR: folder, APP_SECRET: OTHER_SECRET }),
    )

    expect(code).toBe(1)
    expect(stderr).toContain('Put the earlier secret back')
    expect(runsIn(folder)).toBe(false)
  })
})

describe('xyra start says what is wrong, and ends', () => {
  let database: OwnDatabase
  const given = () => environmentOf({ DATABASE_URL: database.url, APP_SECRET: TEST_SECRET })

  beforeAll(async () => {
    database = await makeDatabase(inject('templateUrl'))
  })
  afterAll(() => database.drop())

  const refused = async (environment: Record<string, string>, command = 'start') => {
    const { code, stdout, stderr } = await runXyra([command], environment)
    expect(code).toBe(1)
    expect(stdout).toBe('')
    // A sentence, not a stack.
    expect(stderr).not.toMatch(/\n\s+at /)
    return stderr
  }

  it('when the port is taken', async () => {
    const other: Server = await new Promise((ready) => {
      const server = createServer().listen(0, () => ready(server))
    })
    const { port } = other.address() as AddressInfo

    expect(await refused({ ...given(), PORT: String(port) })).toContain(`Port ${port} is taken`)
    other.close()
  })

  it('when the address is none of this machine', async () => {
    expect(await refused({ ...given(), HOST: '192.0.2.1' })).toContain('has no address 192.0.2.1')
  })

  it('when the data folder cannot be written', async () => {
    const place = join(newFolder(), 'file')
    writeFileSync(place, '')

    expect(await refused(environmentOf({ XYRA_DATA_DIR: place }))).toContain('XYRA_DATA_DIR')
  })

  it('when the data folder holds something else', async () => {
    const folder = newFolder()
    await runXyra(['migrate'], environmentOf({ XYRA_DATA_DIR: folder }))
    rmSync(join(clusterOf(folder), 'PG_VERSION'))

    expect(await refused(environmentOf({ XYRA_DATA_DIR: folder }))).toContain('holds no PostgreSQL data')
  })

  it('when the database is away', async () => {
    const url = `postgres://someone:hidden@127.0.0.1:${await freePort()}/panel`
    const sentence = await refused({ ...given(), DATABASE_URL: url })

    expect(sentence).toContain('nothing listens there')
    expect(sentence).not.toContain('hidden')
  })

  it('when the database refuses the password', async () => {
    const url = new URL(database.url)
    url.password = 'wrong'

    expect(await refused({ ...given(), DATABASE_URL: url.href })).toContain('refuses the password')
  })

  it('when the schema is of a newer panel', async () => {
    const { entries } = JSON.parse(readFileSync('drizzle/meta/_journal.json', 'utf8')) as {
      entries: { when: number }[]
    }
    const newer = await makeDatabase(inject('templateUrl'))
    await query(
      newer.url,
      `insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', ${(entries.at(-1)?.when ?? 0) + 1})`,
    )

    expect(await refused({ ...given(), DATABASE_URL: newer.url })).toContain('newer XyraPanel')
    await newer.drop()
  })

  it.each([
    ['is missing', '', 'APP_SECRET is not set'],
    ['is short', 'a1b2c3d4', 'shorter than 32'],
    ['is known', 'please-change-me-please-change-me-please', 'others know or can guess'],
    ['is not random', 'ababababababababababababababababababab', 'others know or can guess'],
  ])('when the secret %s', async (_what, secret, sentence) => {
    expect(await refused({ ...given(), APP_SECRET: secret })).toContain(sentence)
  })

  it('when the secret is not the one that the database was written with', async () => {
    expect((await runXyra(['migrate'], given())).code).toBe(0)

    expect(await refused({ ...given(), APP_SECRET: OTHER_SECRET })).toContain('This is not the secret')
  })

  it('when a setting makes no sense, all of them at once', async () => {
    const sentence = await refused({ ...given(), PORT: 'eighty', TRUSTED_PROXIES: 'proxy.local', LOG_LEVEL: 'loud' })

    expect(sentence.split('\n').filter(Boolean)).toHaveLength(3)
  })

  it('when there is no such command', async () => {
    expect((await runXyra(['strat'], given())).code).toBe(2)
  })
})

/** Empty and not left out: a file .env of whoever works here must not speak into it. */
const environmentOf = (more: Record<string, string>) => ({
  DATABASE_URL: '',
  APP_SECRET: '',
  HOST: '',
  LOG_LEVEL: 'warn',
  ...more,
})

const freePort = () =>
  new Promise<number>((done) => {
    const server = createServer().listen(0, () => {
      const { port } = server.address() as AddressInfo
      server.close(() => done(port))
    })
  })

async function query(url: string, statement: string): Promise<pg.QueryResult<Record<string, unknown>>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await client.query(statement)
  } finally {
    await client.end()
  }
}

const countUsers = async (url: string) =>
  Number((await query(url, 'select count(*) as number from users')).rows[0]?.number)
