import { strict as assert } from 'node:assert'
import { z } from 'zod'
import { line } from '../console-socket.ts'
import { DENIED } from '../egg.ts'
import { defineStep as step, type Step } from '../report.ts'
import type { Session } from '../session.ts'
import { fileList, LINE_WITHIN_MS, type Found, type Server } from '../trial.ts'

const packed = z.object({ attributes: z.object({ name: z.string() }) })
const listed = z.object({
  data: z.array(z.object({ attributes: z.object({ name: z.string(), mode_bits: z.string() }) })),
})

const filesOf = ({ identifier }: Server) => `/api/client/servers/${identifier}/files`

async function namesIn(session: Session, server: Server, directory: string): Promise<string[]> {
  const reply = await session.call(`GET ${filesOf(server)}/list?directory=${encodeURIComponent(directory)}`)
  return fileList.parse(reply).data.map(({ attributes }) => attributes.name)
}

/** Every operation on files, and what no path may reach. */
export const fileSteps: Step<Found>[] = [
  step('a file is copied', ['session', 'installedServer', 'console'], async ({ session, installedServer: server }) => {
    await session.text(`POST ${filesOf(server)}/write?file=%2Fpaper%2Fa.txt`, 'one')
    await session.call(`POST ${filesOf(server)}/copy`, { location: '/paper/a.txt' })
    assert.deepEqual((await namesIn(session, server, '/paper')).toSorted(), ['a copy.txt', 'a.txt'])
    assert.equal(await session.text(`GET ${filesOf(server)}/contents?file=%2Fpaper%2Fa%20copy.txt`), 'one')
  }),

  step(
    'its mode is changed',
    ['session', 'installedServer', 'console'],
    async ({ session, installedServer: server }) => {
      await session.call(`POST ${filesOf(server)}/chmod`, { root: '/paper', files: [{ file: 'a.txt', mode: '600' }] })
      const { data } = listed.parse(await session.call(`GET ${filesOf(server)}/list?directory=%2Fpaper`))
      assert.equal(data.find(({ attributes }) => attributes.name === 'a.txt')?.attributes.mode_bits, '600')
    },
  ),

  step(
    'files are packed, removed and unpacked',
    ['session', 'installedServer', 'console'],
    async ({ session, installedServer: server }) => {
      const files = filesOf(server)
      const reply = await session.call(`POST ${files}/compress`, { root: '/', files: ['paper'] })
      const { name } = packed.parse(reply).attributes
      await session.call(`POST ${files}/delete`, { root: '/', files: ['paper'] })
      assert.ok(!(await namesIn(session, server, '/')).includes('paper'), 'the folder is gone')
      await session.call(`POST ${files}/decompress`, { root: '/', file: name })
      assert.equal(await session.text(`GET ${files}/contents?file=%2Fpaper%2Fa.txt`), 'one')
      await session.call(`POST ${files}/delete`, { root: '/', files: [name] })
    },
  ),

  step(
    'a file is found by its name, where the flavour searches',
    ['session', 'installedServer', 'console', 'options'],
    async ({ session, installedServer: server, options }, note) => {
      const path = `GET ${filesOf(server)}/search?pattern=${encodeURIComponent('a.txt')}&directory=%2F`
      if (options.flavour === 'pelican') assert.match(await session.text(path), /a\.txt/)
      else {
        const status = await session.status(path)
        assert.ok(status >= 400 && status < 600, `answered ${status}`)
        note(`${status}`)
      }
    },
  ),

  step(
    'a file is not fetched from where the node may not look',
    ['session', 'installedServer', 'console'],
    async ({ session, installedServer: server }, note) => {
      for (const url of ['http://127.0.0.1:1/a.jar', 'http://169.254.169.254/latest/meta-data', 'file:///etc/passwd']) {
        const status = await session.status(`POST ${filesOf(server)}/pull`, { url, directory: '/', foreground: true })
        assert.ok(status >= 400, `${url} was answered ${status}`)
        note(String(status))
      }
      assert.ok(!(await namesIn(session, server, '/')).some((name) => ['a.jar', 'meta-data', 'passwd'].includes(name)))
    },
  ),

  step(
    'what the egg denies is refused',
    ['session', 'installedServer', 'console'],
    async ({ session, installedServer: server }) => {
      const files = filesOf(server)
      for (const name of [DENIED, 'deep/server.key']) {
        const status = await session.status(`POST ${files}/write?file=${encodeURIComponent(`/${name}`)}`, 'x')
        assert.ok(status >= 400, `writing ${name} was answered ${status}`)
      }
      const renaming = { root: '/', files: [{ from: 'note.txt', to: DENIED }] }
      const status = await session.status(`PUT ${files}/rename`, renaming)
      assert.ok(status >= 400, `renaming to ${DENIED} was answered ${status}`)
      assert.ok(!(await namesIn(session, server, '/')).includes(DENIED), 'there is no such file')
    },
  ),

  step(
    'no path leads out of the server',
    ['session', 'installedServer', 'console'],
    async ({ session, installedServer: server, console }) => {
      const files = filesOf(server)
      console.mark()
      console.send('send command', 'run ln -s /etc out')
      await console.wait(line('trial: ran [ln -s /etc out]'), 'the link', LINE_WITHIN_MS)
      const escapes = [
        '/../../../../etc/passwd',
        '/paper/../../../../../etc/passwd',
        '/out/passwd',
        '/..%2f..%2fetc/passwd',
      ]
      for (const path of escapes) {
        const query = `?file=${encodeURIComponent(path)}`
        const read = await session.text(`GET ${files}/contents${query}`).catch(String)
        assert.doesNotMatch(read, /root:/, `reading ${path}`)
        const written = await session.status(`POST ${files}/write${query}`, 'trial')
        assert.ok(written >= 400 || !path.startsWith('/out'), `writing ${path} was answered ${written}`)
      }
      const list = await session.text(`GET ${files}/list?directory=%2Fout`).catch(String)
      assert.doesNotMatch(list, /passwd/)
      console.send('send command', 'run rm out')
      await console.wait(line('trial: ran [rm out]'), 'the end of the link', LINE_WITHIN_MS)
    },
  ),
]
