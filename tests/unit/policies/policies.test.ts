import { describe, expect, it } from 'vitest'
import type { Actor } from '#server/auth/actor'
import { isAdministrator, mayAdminister, reachesNode } from '#server/policies/administration-policy'
import {
  can,
  conflictOf,
  permissionsOf,
  type Condition,
  type ServerCondition,
  type ServerTie,
} from '#server/policies/server-policy'
import { SERVER_PERMISSIONS } from '#shared/permissions'

const person: Actor = {
  userId: '1',
  uuid: 'u',
  username: 'ada',
  isRootAdmin: false,
  grants: {},
  nodeIds: null,
  door: { kind: 'session', sessionId: 's', impersonatorId: null },
  ip: '198.51.100.1',
  userAgent: null,
}
const key = (carries: Record<string, number>) => ({
  door: { kind: 'application-key' as const, identifier: 'ptla_1', carries },
})

describe('mayAdminister', () => {
  it.each<[string, Partial<Actor>, boolean]>([
    ['nobody in particular', {}, false],
    ['a role that reads nodes', { grants: { nodes: 1 } }, true],
    ['a role that only writes nodes', { grants: { nodes: 2 } }, false],
    ['a root administrator', { isRootAdmin: true }, true],
    ['a root administrator through a key without nodes', { isRootAdmin: true, ...key({ users: 3 }) }, false],
    ['a root administrator through a key that reads nodes', { isRootAdmin: true, ...key({ nodes: 1 }) }, true],
    ['a key for nodes in the hands of nobody in particular', key({ nodes: 3 }), false],
  ])('asks whether %s may read nodes', (_, traits, expected) => {
    expect(mayAdminister({ ...person, ...traits }, 'nodes', 'read')).toBe(expected)
  })

  it('asks whether somebody has anything to administer at all', () => {
    expect(isAdministrator(person)).toBe(false)
    expect(isAdministrator({ ...person, grants: { audit: 1 } })).toBe(true)
    expect(isAdministrator({ ...person, grants: { audit: 0 } })).toBe(false)
  })

  it('keeps a limited role to its nodes', () => {
    expect(reachesNode({ isRootAdmin: false, nodeIds: null }, '7')).toBe(true)
    expect(reachesNode({ isRootAdmin: false, nodeIds: ['1'] }, '7')).toBe(false)
    expect(reachesNode({ isRootAdmin: false, nodeIds: [] }, '7')).toBe(false)
    expect(reachesNode({ isRootAdmin: true, nodeIds: ['1'] }, '7')).toBe(true)
  })
})

describe('can', () => {
  const everything: ServerTie = { kind: 'subuser', permissions: SERVER_PERMISSIONS }

  it.each<[string, ServerTie, boolean]>([
    ['an owner', { kind: 'owner' }, true],
    ['an administrator', { kind: 'administrator' }, true],
    ['an observer', { kind: 'observer' }, false],
    ['a subuser with it', { kind: 'subuser', permissions: ['control.start'] }, true],
    ['a subuser without it', { kind: 'subuser', permissions: ['control.stop'] }, false],
    ['an owner through a key that leaves it out', { kind: 'owner', narrowedTo: ['control.stop'] }, false],
    [
      'a subuser through a key that adds it',
      { kind: 'subuser', permissions: [], narrowedTo: ['control.start'] },
      false,
    ],
  ])('asks whether %s may start', (_, tie, expected) => {
    expect(can(tie, 'control.start')).toBe(expected)
  })

  it('never makes an owner of a subuser who holds everything', () => {
    expect(permissionsOf(everything)).not.toContain('*')
    expect(permissionsOf({ kind: 'owner' })).toEqual(['*'])
    expect(permissionsOf({ kind: 'administrator' })).toContain('admin.websocket.install')
    expect(permissionsOf({ kind: 'observer' })).toEqual([
      'websocket.connect',
      'admin.websocket.errors',
      'admin.websocket.install',
      'admin.websocket.transfer',
    ])
  })
})

describe('conflictOf', () => {
  const normal: ServerCondition = {
    status: null,
    suspended: false,
    isNodeUnderMaintenance: false,
    isTransferring: false,
  }
  const [owner, administrator]: ServerTie[] = [{ kind: 'owner' }, { kind: 'administrator' }]

  it.each<[string, Partial<Parameters<typeof conflictOf>[0]>, ServerTie, Condition, string | undefined]>([
    ['normal', {}, owner!, 'ready', undefined],
    [
      'suspended, to an administrator',
      { status: 'suspended', suspended: true },
      administrator!,
      'watchable',
      'server.suspended',
    ],
    ['suspended, to whoever only looks', { status: 'suspended', suspended: true }, owner!, 'any', undefined],
    [
      'on a node in maintenance',
      { isNodeUnderMaintenance: true },
      administrator!,
      'watchable',
      'server.node_maintenance',
    ],
    ['being installed', { status: 'installing' }, owner!, 'ready', 'server.not_installed'],
    ['being installed, watched by its owner', { status: 'installing' }, owner!, 'watchable', 'server.not_installed'],
    ['being installed, watched by an administrator', { status: 'installing' }, administrator!, 'watchable', undefined],
    [
      'being installed, commanded by an administrator',
      { status: 'installing' },
      administrator!,
      'ready',
      'server.not_installed',
    ],
    ['failed to reinstall', { status: 'reinstall_failed' }, owner!, 'ready', undefined],
    ['being restored', { status: 'restoring_backup' }, owner!, 'ready', 'server.restoring'],
    ['on its way', { isTransferring: true }, owner!, 'ready', 'server.transferring'],
    [
      'suspended and on its way',
      { status: 'suspended', suspended: true, isTransferring: true },
      owner!,
      'ready',
      'server.suspended',
    ],
  ])('says of a server that is %s', (_, state, tie, condition, expected) => {
    expect(conflictOf({ ...normal, ...state }, tie, condition)).toBe(expected)
  })
})
