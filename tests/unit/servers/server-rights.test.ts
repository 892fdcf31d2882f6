import { describe, expect, it } from 'vitest'
import { SERVER_PERMISSIONS } from '#shared/permissions'
import { isSameRights, PRESETS, RIGHTS, rightsAmong } from '../../../app/utils/server-rights'

describe('rights of a server', () => {
  it('are those of the catalogue, without the one that everybody has', () => {
    expect([...RIGHTS].toSorted()).toEqual(SERVER_PERMISSIONS.filter((name) => name !== 'websocket.connect').toSorted())
  })

  it('are each once in a preset', () => {
    for (const rights of Object.values(PRESETS)) expect(new Set(rights).size).toBe(rights.length)
  })

  it('let an operator share the server with nobody', () => {
    const forbidden = ['user.create', 'user.update', 'user.delete', 'settings.reinstall'] as const
    expect(RIGHTS.filter((right) => !(PRESETS.operator as readonly string[]).includes(right))).toEqual(
      expect.arrayContaining([...forbidden]),
    )
    expect(PRESETS.viewer.every((right) => right.endsWith('.read'))).toBe(true)
  })

  it('are told apart whatever their order, and from names that nobody knows', () => {
    expect(rightsAmong(['file.read', 'websocket.connect', 'made.up', 'control.start'])).toEqual([
      'control.start',
      'file.read',
    ])
    expect(isSameRights(['file.read', 'control.start'], ['control.start', 'file.read'])).toBe(true)
    expect(isSameRights(['file.read'], ['control.start', 'file.read'])).toBe(false)
  })
})
