import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { can } from '#server/policies/server-policy'
import { serializeBackup } from '#server/serializers/client/backup'
import { createBackup } from '#server/services/backups/create-backup'
import { backups } from '#shared/contracts/client/backups'

export default defineRoute(backups.create, {
  access: onServer('backup.create'),
  async handle({ actor, server, node, tie, body }) {
    const ignoredFiles = (body.ignored ?? '').split(/\r?\n/).filter((line) => line.trim() !== '')
    const isLocked = body.is_locked === true && can(tie, 'backup.delete')
    return serializeBackup(await createBackup({ actor, server, node, name: body.name, ignoredFiles, isLocked }))
  },
})
