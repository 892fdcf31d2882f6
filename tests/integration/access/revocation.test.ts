import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { accessRevocations, users, wingsNodes } from '#server/database/schema'
import { issueToken } from '#server/services/account/issue-token'
import { request } from '../../support/api'
import { codeOf } from '../../support/one-time-codes'
import { eventually, panelWithNode, type PanelWithNode } from '../../support/panel-with-node'
import { arrange, cutOff, PASSWORD, type Arranged, type Connected } from './stage'

/** Within which a node that is there has been told, and one that is back. */
const WITHIN_MS = 2000

interface Shrinking {
  act: (arranged: Arranged) => Promise<{ status: number }>
  /** Who loses what he holds open. */
  whose: (arranged: Arranged) => Connected[]
  /** What the helper signs in with, where it is asked for: a hash takes its time. */
  password?: string
  /** Whether somebody may come in again, if only with less. */
  mayReturn?: boolean
  /** What cannot be done while the node is away is forced then. */
  actWhileAway?: (arranged: Arranged) => Promise<{ status: number }>
}

const subusersOf = ({ server }: Arranged) => `/api/client/servers/${server.identifier}/users`
const accountOf = ({ user }: Connected) => `/api/application/users/${user.id}`

function saved({ user }: Connected, change: object) {
  const { email, username } = user
  return { email, username, first_name: 'Ada', last_name: 'Lovelace', ...change }
}

const SHRINKINGS: Record<string, Shrinking> = {
  'sec-04: a subuser is removed': {
    act: (at) => request(`DELETE ${subusersOf(at)}/${at.helper.user.uuid}`, { as: at.owner.as }),
    whose: ({ helper }) => [helper],
  },
  'sec-04: a subuser may do less': {
    act: (at) =>
      request(`POST ${subusersOf(at)}/${at.helper.user.uuid}`, {
        as: at.owner.as,
        body: { permissions: ['file.read', 'file.sftp'] },
      }),
    whose: ({ helper }) => [helper],
    mayReturn: true,
  },
  'sec-04: a server is suspended': {
    act: ({ server, root }) => request(`POST /api/application/servers/${server.id}/suspend`, { as: root }),
    whose: ({ owner, helper }) => [owner, helper],
  },
  'sec-04: a server is deleted': {
    act: ({ server, root }) => request(`DELETE /api/application/servers/${server.id}`, { as: root }),
    actWhileAway: ({ server, root }) => request(`DELETE /api/application/servers/${server.id}/force`, { as: root }),
    whose: ({ owner, helper }) => [owner, helper],
  },
  'sec-04: a person is deleted': {
    act: ({ helper, root }) => request(`DELETE ${accountOf(helper)}`, { as: root }),
    whose: ({ helper }) => [helper],
  },
  'sec-05: somebody changes his password': {
    act: ({ helper }) =>
      request('PUT /api/client/account/password', {
        as: helper.as,
        body: { current_password: PASSWORD, password: 'another tea', password_confirmation: 'another tea' },
      }),
    whose: ({ helper }) => [helper],
    password: PASSWORD,
    mayReturn: true,
  },
  'sec-05: somebody follows the link to a new password': {
    act: async ({ helper }) => {
      const token = await issueToken(useDrizzle(), {
        purpose: 'password.reset',
        userId: helper.user.id,
        minutes: 5,
      })
      const { email } = helper.user
      const body = { token, email, password: 'another tea', password_confirmation: 'another tea' }
      return request('POST /auth/password/reset', { body })
    },
    whose: ({ helper }) => [helper],
    mayReturn: true,
  },
  'sec-05: an administrator sets a password': {
    act: ({ helper, root }) =>
      request(`PATCH ${accountOf(helper)}`, { as: root, body: saved(helper, { password: 'another tea' }) }),
    whose: ({ helper }) => [helper],
    mayReturn: true,
  },
  'sec-05: a person is suspended': {
    act: ({ helper, root }) => request(`POST ${accountOf(helper)}/suspend`, { as: root, body: {} }),
    whose: ({ helper }) => [helper],
  },
  'sec-05: somebody switches his second factor on': {
    act: async ({ helper: { as } }) => {
      const { body } = await request('GET /api/client/account/two-factor', { as })
      const code = await codeOf(body.data.secret)
      return request('POST /api/client/account/two-factor', { as, body: { code, password: PASSWORD } })
    },
    whose: ({ helper }) => [helper],
    password: PASSWORD,
    mayReturn: true,
  },
  'sec-05: an administrator turns off a second factor': {
    act: async ({ helper, root }) => {
      const isOn = { useTotp: true, twoFactorEnabled: true }
      await useDrizzle().update(users).set(isOn).where(eq(users.id, helper.user.id))
      return request(`DELETE ${accountOf(helper)}/two-factor`, { as: root })
    },
    whose: ({ helper }) => [helper],
    mayReturn: true,
  },
  'sec-05: a key is removed': {
    act: ({ helper, fingerprint }) =>
      request('POST /api/client/account/ssh-keys/remove', { as: helper.as, body: { fingerprint } }),
    whose: ({ helper }) => [helper],
    mayReturn: true,
  },
  'sec-05: an administrator is none any more': {
    act: ({ admin, root }) =>
      request(`PATCH ${accountOf(admin)}`, { as: root, body: saved(admin, { root_admin: false }) }),
    whose: ({ admin }) => [admin],
  },
  'sec-19: a server gets another owner': {
    act: ({ server, root, admin }) =>
      request(`PATCH /api/application/servers/${server.id}/details`, {
        as: root,
        body: { name: server.name, user: Number(admin.user.id), external_id: null, description: '' },
      }),
    whose: ({ owner }) => [owner],
  },
}

const waitingFor = (nodeId: string) => useDrizzle().$count(accessRevocations, eq(accessRevocations.nodeId, nodeId))

async function pendingSince(nodeId: string): Promise<string | null | undefined> {
  const [node] = await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.id, nodeId))
  return node?.accessPendingSince
}

describe.each(['pterodactyl', 'pelican'] as const)('on %s', (flavour) => {
  let panel: PanelWithNode
  beforeAll(async () => {
    panel = await panelWithNode(flavour)
  })
  afterAll(() => panel[Symbol.asyncDispose]())

  /** Pelican closes; on Pterodactyl a socket stays, and hears nothing but that its token does not count. */
  async function expectShutOut({ server }: Arranged, { console, sftp, opensAgain }: Connected) {
    await eventually(
      async () => {
        const known = panel.wings.servers.find(({ uuid }) => uuid === server.uuid)
        known?.say('a secret')
        return !console.isOpen() || console.has('jwt error')
      },
      Boolean,
      WITHIN_MS,
    )
    await eventually(opensAgain, (opens) => !opens, WITHIN_MS)
    if (flavour === 'pelican') {
      expect(console.isOpen()).toBe(false)
      expect(sftp.isOpen).toBe(false)
    }
  }

  describe.each(Object.entries(SHRINKINGS))(
    '%s',
    (_, { act, actWhileAway = act, whose, password, mayReturn = false }) => {
      it('and the node is there', async () => {
        const at = await arrange(panel, { password })
        const began = Date.now()
        expect((await act(at)).status).toBeLessThan(300)
        for (const person of whose(at)) {
          await expectShutOut(at, person)
          if (!mayReturn) {
            expect(await person.opensWithNewToken()).toBe(false)
            expect(await person.signsInAgain()).toBe(false)
          }
        }
        expect(Date.now() - began).toBeLessThan(WITHIN_MS)
        expect(await waitingFor(panel.nodeId)).toBe(0)
        panel.wings.assertNoUnknown()
      })

      it('and the node is away', async () => {
        const at = await arrange(panel, { password })
        const giveBack = await cutOff(panel)
        expect((await actWhileAway(at)).status).toBeLessThan(300)
        for (const { console } of whose(at)) expect(console.isOpen() && !console.has('jwt error')).toBe(true)
        expect(await waitingFor(panel.nodeId)).toBeGreaterThan(0)

        await giveBack()
        panel.wings.record({ user: null, server: at.server.uuid, event: 'server:power.start', ip: '' })
        await panel.wings.sendActivity()
        for (const person of whose(at)) await expectShutOut(at, person)
        await eventually(
          () => pendingSince(panel.nodeId),
          (since) => since === null,
          WITHIN_MS,
        )
        expect(await waitingFor(panel.nodeId)).toBe(0)
      })
    },
  )
})
