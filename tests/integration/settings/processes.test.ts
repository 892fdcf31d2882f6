import { afterAll, expect, it, onTestFinished, vi } from 'vitest'
import { closeDatabase } from '#server/database/client'
import { useEnv } from '#server/env'
import { startListening } from '#server/events/listen'
import { currentSettings, getSettings } from '#server/services/settings/current-settings'
import { request, signedInAs } from '../../support/api'
import { makeRootAdmin } from '../../support/factories'

// What ends the database of a test file knows the modules that were loaded last.
afterAll(() => closeDatabase())

/** A second instance of everything that a process holds, on the same database. */
async function anotherProcess() {
  vi.resetModules()
  const settings = await import('#server/services/settings/current-settings')
  const events = await import('#server/events/listen')
  onTestFinished(await events.startListening(useEnv().DATABASE_URL, () => {}))
  return settings
}

it('a change takes effect in every process, without a restart', async () => {
  const root = await signedInAs(await makeRootAdmin())
  onTestFinished(await startListening(useEnv().DATABASE_URL, () => {}))
  await request('GET /api/application/settings', { as: root }) // loads the route, with what this process holds
  const other = await anotherProcess()
  expect(other.getSettings).not.toBe(getSettings)
  await Promise.all([getSettings(), other.getSettings()])

  const change = { panel: { name: 'Kestrel' }, limits: { client_per_minute: 7 } }
  await request('PATCH /api/application/settings', { as: root, body: change })
  await vi.waitFor(() => {
    for (const known of [currentSettings(), other.currentSettings()])
      expect(known).toMatchObject({ panel: { name: 'Kestrel' }, limits: { clientPerMinute: 7 } })
  })
})
