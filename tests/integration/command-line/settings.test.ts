import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, settings } from '#server/database/schema'
import { getSettings } from '#server/services/settings/current-settings'
import command from '../../../bin/commands/settings.ts'
import { runHere } from '../../support/command'

const run = (...rawArgs: string[]) => runHere(command, ...rawArgs)

describe('xyra settings', () => {
  it('reads all of them, or one', async () => {
    const all = JSON.parse((await run('get', '--json')).stdout) as Record<string, unknown>
    expect(all).toMatchObject({ 'panel.name': 'XyraPanel', 'limits.client_per_minute': 720, 'mail.password': null })
    expect((await run('get', 'limits.client_per_minute')).stdout).toBe('limits.client_per_minute\t720')
  })

  it('changes one, which counts at once and is recorded', async () => {
    const { code, stdout } = await run('set', 'panel.name', 'Kestrel Hosting', '--json')
    expect([code, JSON.parse(stdout)]).toEqual([0, { 'panel.name': 'Kestrel Hosting' }])
    expect((await getSettings()).panel.name).toBe('Kestrel Hosting')
    expect((await run('set', 'limits.client_per_minute', '500')).code).toBe(0)
    expect((await getSettings()).limits.clientPerMinute).toBe(500)
    const events = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.action, 'admin:settings.update'))
    expect(events.map(({ actorType }) => actorType)).toEqual(['system', 'system'])
  })

  it('takes every text as it stands', async () => {
    expect((await run('set', 'maintenance.text', '[soon] {back}')).code).toBe(0)
    expect((await getSettings()).maintenance.text).toBe('[soon] {back}')
  })

  it('never prints a secret, and clears it by nothing', async () => {
    const { stdout } = await run('set', 'mail.password', 'tea with the admiral', '--json')
    expect(JSON.parse(stdout)).toEqual({ 'mail.password': 'set' })
    const events = await useDrizzle().select().from(auditEvents)
    expect(JSON.stringify(events)).not.toContain('tea with the admiral')
    expect(JSON.parse((await run('set', 'mail.password', '', '--json')).stdout)).toEqual({ 'mail.password': null })
  })

  it('refuses what is none, and changes nothing', async () => {
    const before = await useDrizzle().select().from(settings)
    const tries: [string[], RegExp][] = [
      [['change'], /Say settings get/],
      [['set', 'panel.name'], /a name and a value/],
      [['set', 'panel.colour', 'red'], /There is no setting panel\.colour/],
      [['set', 'panel.set_up_at', 'now'], /There is no setting/],
      [['set', 'panel.name', 'Kestrel', 'Hosting'], /more than this command takes: Hosting/],
      [['get', 'panel.name', 'XyraPanel', 'twice'], /more than this command takes: twice/],
      [['set', 'limits.client_per_minute', '{"toString":1}'], /client per minute must be/],
      [['set', 'limits.client_per_minute', 'many'], /client per minute must be/],
      [['set', 'panel.address', 'here'], /web address/],
    ]
    for (const [rawArgs, sentence] of tries) {
      const { code, stderr } = await run(...rawArgs)
      expect([code, stderr]).toEqual([2, expect.stringMatching(sentence)])
    }
    expect(await useDrizzle().select().from(settings)).toEqual(before)
  })
})
