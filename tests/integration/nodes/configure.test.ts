import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { apiKeys, settings, wingsNodes } from '#server/database/schema'
import { forgetSettings } from '#server/services/settings/current-settings'
import { startWings } from '../../../simulator/wings.ts'
import { request, signedInAs, withKey } from '../../support/api'
import { makeNode, makeRootAdmin } from '../../support/factories'
import { eventually } from '../../support/panel-with-node'
import { routesUrl } from '../../support/routes'

/** What `wings configure` sends: a GET with a content type and no body. */
const ACCEPTS = { pterodactyl: 'application/vnd.pterodactyl.v1+json', pelican: 'application/json' } as const

async function arrange() {
  const panelUrl = await routesUrl()
  await useDrizzle()
    .insert(settings)
    .values({ key: 'panel.address', value: JSON.stringify(panelUrl), updatedAt: new Date().toISOString() })
    .onConflictDoUpdate({ target: settings.key, set: { value: JSON.stringify(panelUrl) } })
  forgetSettings()
  const root = await signedInAs(await makeRootAdmin())
  const node = await makeNode({ lastSeenAt: null, flavour: null, version: null })
  const { body } = await request(`POST /api/application/nodes/${node.id}/deploy-key`, { as: root })
  const configure = (accept: string, id = node.id) =>
    request(`GET /api/application/nodes/${id}/configuration`, {
      as: { headers: { ...withKey(body.token).headers, accept, 'content-type': 'application/json' } },
    })
  return { panelUrl, root, node, key: body, configure }
}

describe.each(['pterodactyl', 'pelican'] as const)('wings configure of %s', (flavour) => {
  it('reads a bare tree with the one-time key, and the daemon boots with it', async () => {
    const { panelUrl, node, key, configure } = await arrange()
    expect(key.token).toMatch(/^(peli|papp)_\w{43}$/)
    const command = key.commands[flavour] as string
    expect(command).toContain(`wings configure --panel-url ${panelUrl} --token ${key.token} --node ${node.id}`)
    // Pelican takes only an address with an empty path, without a slash at its end.
    expect(new URL(/--panel-url (\S+)/.exec(command)?.[1] ?? '').href).toBe(`${panelUrl}/`)

    const { status, body } = await configure(ACCEPTS[flavour])
    expect(status).toBe(200)
    expect(body).toMatchObject({
      uuid: node.uuid,
      token_id: node.tokenIdentifier,
      token: node.tokenSecret,
      remote: panelUrl,
      system: { sftp: { bind_port: 2022 } },
    })
    expect((await configure(ACCEPTS[flavour])).status).toBe(401)

    await using wings = await startWings({ flavour, panelUrl: body.remote, tokenId: body.token_id, token: body.token })
    expect(wings.tokenId).toBe(node.tokenIdentifier)
    await eventually(
      async () => (await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.id, node.id)))[0],
      (row) => row?.flavour === flavour && row.lastSeenAt !== null,
    )
  })
})

describe('the one-time key', () => {
  it('ends after an hour, opens no other node, and nothing else', async () => {
    const { root, node, configure } = await arrange()
    const other = await makeNode()
    expect((await configure(ACCEPTS.pelican, other.id)).status).toBe(404)
    const [row] = await useDrizzle().select().from(apiKeys).where(eq(apiKeys.nodeId, node.id))
    const left = Date.parse(row?.expiresAt ?? '') - Date.now()
    expect(left).toBeGreaterThan(59 * 60_000)
    expect(left).toBeLessThanOrEqual(60 * 60_000)
    await useDrizzle()
      .update(apiKeys)
      .set({ expiresAt: new Date(Date.now() - 1000).toISOString() })
      .where(eq(apiKeys.nodeId, node.id))
    expect((await configure(ACCEPTS.pterodactyl)).status).toBe(401)
    expect((await request(`GET /api/application/nodes/${node.id}`, { as: root })).body.attributes).not.toHaveProperty(
      'token',
    )
  })
})
