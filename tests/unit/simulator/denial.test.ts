import { describe, expect, it } from 'vitest'
import { ask, consoleToken, openConsole, SERVER, startWithServer } from './stage'

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
