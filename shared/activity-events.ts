/** What is written into the activity log, in Pterodactyl's words; ours for the administration in the same form. */
export const ACTIVITY_EVENTS = [
  'auth:fail', 'auth:success', 'auth:checkpoint', 'auth:token', 'auth:recovery-token', 'auth:reset-password', 'auth:password-reset', 'auth:ip-blocked', 'auth:sftp.fail',
  'user:account.email-changed', 'user:account.password-changed', 'user:account.username-changed', 'user:account.profile-changed', 'user:account.setup',
  'user:api-key.create', 'user:api-key.delete', 'user:ssh-key.create', 'user:ssh-key.delete', 'user:two-factor.create', 'user:two-factor.delete',
  'user:session.revoke',
  'server:reinstall', 'server:console.command', 'server:power.start', 'server:power.stop', 'server:power.restart', 'server:power.kill',
  'server:backup.start', 'server:backup.complete', 'server:backup.fail', 'server:backup.delete', 'server:backup.download', 'server:backup.restore',
  'server:backup.restore-complete', 'server:backup.restore-failed', 'server:backup.lock', 'server:backup.unlock', 'server:backup.rename',
  'server:database.create', 'server:database.rotate-password', 'server:database.delete',
  'server:file.read', 'server:file.write', 'server:file.copy', 'server:file.rename', 'server:file.delete', 'server:file.compress', 'server:file.decompress',
  'server:file.create-directory', 'server:file.download', 'server:file.pull', 'server:file.upload', 'server:file.uploaded',
  'server:sftp.denied', 'server:sftp.write', 'server:sftp.create', 'server:sftp.create-directory', 'server:sftp.rename', 'server:sftp.delete',
  'server:allocation.create', 'server:allocation.primary', 'server:allocation.delete', 'server:allocation.notes',
  'server:schedule.create', 'server:schedule.execute', 'server:schedule.delete', 'server:schedule.update', 'server:task.create', 'server:task.update', 'server:task.delete',
  'server:settings.rename', 'server:settings.description', 'server:startup.edit', 'server:startup.image', 'server:startup.command',
  'server:subuser.create', 'server:subuser.update', 'server:subuser.delete', 'server:mount.update', 'server:crashed',
  'server:install.complete', 'server:install.fail', 'server:install.interrupted',
  'admin:settings.update',
  'admin:user.create', 'admin:user.update', 'admin:user.delete', 'admin:user.suspend', 'admin:user.unsuspend', 'admin:user.link', 'admin:user.stop-acting',
  'admin:location.create', 'admin:location.update', 'admin:location.delete',
  'admin:node.create', 'admin:node.update', 'admin:node.delete', 'admin:node.rotate-token', 'admin:node.configuration', 'admin:node.deploy-key',
  'admin:allocation.create', 'admin:allocation.update', 'admin:allocation.delete',
  'admin:nest.create', 'admin:nest.update', 'admin:nest.delete', 'admin:egg.create', 'admin:egg.update', 'admin:egg.delete', 'admin:egg.import', 'admin:egg.export',
  'admin:egg-variable.create', 'admin:egg-variable.update', 'admin:egg-variable.delete',
  'admin:server.create', 'admin:server.details', 'admin:server.build', 'admin:server.startup', 'admin:server.suspend', 'admin:server.unsuspend',
  'admin:server.reinstall', 'admin:server.installed', 'admin:server.delete',
] as const

export type ActivityEvent = (typeof ACTIVITY_EVENTS)[number]

/** Written down, and shown in no list: it says only that a link was made. */
export const NEVER_LISTED: ActivityEvent = 'server:file.upload'
