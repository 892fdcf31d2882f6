import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import type { ServerRow, WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'
import { wings } from '#server/wings/client'
import { signBackupDownload } from '#server/wings/tokens'
import { homeOf } from './home-of'
import { presignDownload } from './object'
import type { ViewedBackup } from './queries'

interface SignDownload {
  actor: Person
  server: ServerRow
  node: WingsNodeRow
  backup: ViewedBackup
  /** The panel's own address. */
  panel: string
}

/**
 * A link with which a browser fetches an archive from where it lies.
 *
 * @throws {AppError} `backup.nothing_to_download`, `backup.left_behind`, `backup.disk_unknown`
 */
export async function signArchiveDownload({ actor, server, node, backup, panel }: SignDownload): Promise<string> {
  if (!backup.isSuccessful) throw new AppError('backup.nothing_to_download')
  const url = await linkTo({ actor, server, node, backup, panel })
  await recordActivity(useDrizzle(), {
    actor,
    event: 'server:backup.download',
    target: { type: 'server', id: server.id },
    subjects: [{ type: 'backup', id: backup.id }],
    properties: { name: backup.name },
  })
  return url
}

async function linkTo({ actor, server, node, backup, panel }: SignDownload): Promise<string> {
  if (backup.disk === 's3') return presignDownload(backup)
  // An import brings what no code of ours knows.
  if ((backup.disk as string) !== 'wings') throw new AppError('backup.disk_unknown')
  const home = await homeOf(backup, node)
  if (!home || (backup.isLeftBehind && !(await knows(home, server)))) throw new AppError('backup.left_behind')
  return signBackupDownload({
    node: home,
    panel,
    server: server.uuid,
    user: { id: actor.userId, uuid: actor.uuid },
    backup: backup.uuid,
  })
}

/** A daemon hands out archives only of servers that it has. */
const knows = (node: WingsNodeRow, server: ServerRow): Promise<boolean> =>
  wings(node)
    .servers.get(server.uuid)
    .then(
      () => true,
      () => false,
    )
