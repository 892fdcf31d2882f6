import { eq, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { InstallScript } from '#server/contracts/remote'
import { useDrizzle } from '#server/database/client'
import { eggs, type ServerRow } from '#server/database/schema'

/** The script that installs a server, its egg's own or the one that egg copies. Line ends are LF, which shells want. */
export async function describeInstallation(server: Pick<ServerRow, 'eggId'>): Promise<InstallScript> {
  const source = alias(eggs, 'source')
  const [found] = await useDrizzle()
    .select({
      image: sql<
        string | null
      >`case when ${source.id} is null then ${eggs.scriptContainer} else ${source.scriptContainer} end`,
      entrypoint: sql<
        string | null
      >`case when ${source.id} is null then ${eggs.scriptEntry} else ${source.scriptEntry} end`,
      script: sql<
        string | null
      >`case when ${source.id} is null then ${eggs.scriptInstall} else ${source.scriptInstall} end`,
    })
    .from(eggs)
    .leftJoin(source, eq(source.id, eggs.copyScriptFrom))
    .where(eq(eggs.id, server.eggId))
  return {
    container_image: found?.image || 'alpine:3',
    entrypoint: found?.entrypoint || 'ash',
    script: (found?.script ?? '').replaceAll('\r\n', '\n'),
  }
}
