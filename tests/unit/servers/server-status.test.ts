import { describe, expect, it } from 'vitest'
import { statusAfter, type StatusChange } from '#server/services/servers/server-status'

type Held = Parameters<typeof statusAfter>[0]
const held = (status: Held['status'], previousStatus: Held['previousStatus'] = null): Held => ({
  status,
  previousStatus,
})

describe('the state of a server', () => {
  it.each<[string, Held, StatusChange, Held]>([
    ['suspended', held(null), { kind: 'suspend' }, held('suspended')],
    ['suspended twice', held('suspended', 'installing'), { kind: 'suspend' }, held('suspended', 'installing')],
    ['suspended while it is being installed', held('installing'), { kind: 'suspend' }, held('suspended', 'installing')],
    ['suspended while it is being restored', held('restoring_backup'), { kind: 'suspend' }, held('suspended')],
    ['unsuspended', held('suspended'), { kind: 'unsuspend' }, held(null)],
    [
      'unsuspended where an installation failed before',
      held('suspended', 'install_failed'),
      { kind: 'unsuspend' },
      held('install_failed'),
    ],
    ['unsuspended though it never was', held('installing'), { kind: 'unsuspend' }, held('installing')],
    ['installed', held('installing'), { kind: 'installed', isReinstall: false, successful: true }, held(null)],
    [
      'installed while suspended',
      held('suspended', 'installing'),
      { kind: 'installed', isReinstall: false, successful: true },
      held('suspended'),
    ],
    [
      'failed to install',
      held('installing'),
      { kind: 'installed', isReinstall: false, successful: false },
      held('install_failed'),
    ],
    [
      'failed to reinstall while suspended',
      held('suspended', 'installing'),
      { kind: 'installed', isReinstall: true, successful: false },
      held('suspended', 'reinstall_failed'),
    ],
    ['restored', held('restoring_backup'), { kind: 'restored' }, held(null)],
    ['restored though nothing was', held('installing'), { kind: 'restored' }, held('installing')],
    ['marked installed', held('reinstall_failed'), { kind: 'mark_installed' }, held(null)],
    ['returned', held('installing'), { kind: 'return', to: held('reinstall_failed') }, held('reinstall_failed')],
  ])('%s', (_, before, change, after) => {
    expect(statusAfter(before, change)).toMatchObject({ ...after, suspended: after.status === 'suspended' })
  })
})
