import { describe, expect, it } from 'vitest'
import { ask, consoleToken, openConsole, SERVER, startOnPanel, startPanel, startWithServer, USER } from './stage'

const seconds = () => Math.floor(Date.now() / 1_000)

describe('a right that ends', () => {
  it('is no longer good for anything after ws/deny, while the socket stays open', async () => {
    await using wings = await startWithServer()
    using browser = await openConsole(wings, { token: consoleToken(wings, { iat: seconds() - 2 }) })
    await ask(wings, 'POST /api/servers/:server/ws/deny', { jtis: ['of-user-and-server'] })
    wings.server(SERVER).say('a secret')
    await browser.seen('jwt error', 'jwt: created too far in past (denylist)')

    expect(JSON.stringify(browser.frames)).not.toContain('a secret')
    expect(browser.socket.readyState).toBe(browser.socket.OPEN)
  })

  it('closes sockets on Pelican by user, and is unknown to Pterodactyl', async () => {
    await using wings = await startWithServer({ flavour: 'pelican' })
    using browser = await openConsole(wings, { token: consoleToken(wings) })
    const order = { user: '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed', servers: [SERVER] }
    expect((await ask(wings, 'POST /api/deauthorize-user', order)).status).toBe(204)
    await browser.closed

    using again = await openConsole(wings)
    again.send('auth', consoleToken(wings, { iat: seconds() - 3 }))
    await again.seen('jwt error', 'denylist')

    await using pterodactyl = await startWithServer()
    expect((await ask(pterodactyl, 'POST /api/deauthorize-user', order)).status).toBe(404)
    pterodactyl.assertNoUnknown()
  })
})

describe('a connection over SFTP', () => {
  const open = async (flavour: 'pterodactyl' | 'pelican') => {
    const panel = await startPanel()
    panel.on('POST /api/remote/sftp/auth', {
      status: 200,
      body: { server: SERVER, user: USER, permissions: ['file.read'] },
    })
    const wings = await startOnPanel(panel, { flavour })
    await wings.boot()
    const session = await wings.openSftp({ username: `ada.${SERVER.slice(0, 8)}`, password: 'x' })
    return { panel, wings, session: session! }
  }

  it('is closed by Pelican for the person who is meant, and for nobody else', async () => {
    const { panel, wings, session } = await open('pelican')
    expect([session.may('file.read'), session.may('file.update')]).toEqual([true, false])
    await ask(wings, 'POST /api/deauthorize-user', { user: SERVER, servers: [SERVER] })
    expect(session.isOpen).toBe(true)
    await ask(wings, 'POST /api/deauthorize-user', { user: USER, servers: [SERVER] })
    expect([session.isOpen, session.may('file.read')]).toEqual([false, false])
    await wings.stop()
    await panel[Symbol.asyncDispose]()
  })

  it('lives on with Pterodactyl, until the server is suspended', async () => {
    const { panel, wings, session } = await open('pterodactyl')
    await ask(wings, 'POST /api/servers/:server/ws/deny', { jtis: ['of-user-and-server'] })
    expect(session.may('file.read')).toBe(true)
    wings.server(SERVER).isSuspended = true
    expect([session.isOpen, session.may('file.read')]).toEqual([true, false])
    await wings.stop()
    await panel[Symbol.asyncDispose]()
  })
})
