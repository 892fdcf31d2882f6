import { eq } from 'drizzle-orm'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { SYSTEM } from '#server/auth/actor'
import { useDrizzle, usePool } from '#server/database/client'
import { settings } from '#server/database/schema'
import { useEnv } from '#server/env'
import { startListening } from '#server/events/listen'
import { currentSettings, getSecretSetting, getSettings } from '#server/services/settings/current-settings'
import { writeSettings } from '#server/services/settings/write-settings'
import { changeSettings } from '../../support/settings'

const write = (given: Omit<Parameters<typeof writeSettings>[1], 'actor'>) =>
  useDrizzle().transaction((tx) => writeSettings(tx, { actor: SYSTEM, ...given }))

describe('writeSettings', () => {
  it('changes what is named, and leaves the rest at its default', async () => {
    await changeSettings({ 'panel.name': 'Kestrel', 'limits.editorMib': 8 })
    await changeSettings({ 'panel.name': 'Merlin' })
    expect(await getSettings()).toMatchObject({
      panel: { name: 'Merlin', locale: 'en' },
      limits: { editorMib: 8, clientPerMinute: 720 },
    })
  })

  it('takes no value that its setting does not know', async () => {
    await expect(write({ change: { 'mail.port': 70_000, 'panel.name': 'Never' } })).rejects.toThrow()
    expect((await getSettings()).panel.name).not.toBe('Never')
  })

  it('seals a secret', async () => {
    await write({ change: {}, secrets: { 'mail.password': 'canary' } })
    expect(await getSecretSetting('mail.password')).toBe('canary')
    const { rows } = await usePool().query("select value, secret from settings where key = 'mail.password'")
    expect(rows).toEqual([{ value: null, secret: expect.not.stringContaining('canary') }])
  })

  it('is heard of by every process', async () => {
    const stopListening = await startListening(useEnv().DATABASE_URL, () => {})
    onTestFinished(stopListening)
    await getSettings()
    await write({ change: { 'panel.name': 'Osprey' } })
    // What is asked for without waiting is never missing, and new by itself.
    expect(currentSettings()?.panel.name).toBe('Merlin')
    await vi.waitFor(() => expect(currentSettings()?.panel.name).toBe('Osprey'))
  })

  it('is undone with the transaction that it joined', async () => {
    await expect(
      useDrizzle().transaction(async (tx) => {
        await writeSettings(tx, { actor: SYSTEM, change: { 'panel.zone': 'Europe/Berlin' } })
        throw new Error('something later failed')
      }),
    ).rejects.toThrow('something later failed')
    expect(await useDrizzle().$count(settings, eq(settings.key, 'panel.zone'))).toBe(0)
  })
})
