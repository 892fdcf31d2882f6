import { eq } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { eggs, type ServerRow } from '#server/database/schema'
import { viewServer, type ViewedServer } from './client-view'
import { offeredCommands } from './offered-commands'
import { offeredImages } from './offered-images'

/** A server with the images and the commands that its egg offers. */
export interface ViewedStartup {
  view: ViewedServer
  images: Record<string, string>
  commands: Record<string, string>
}

/** How a server starts, as its players see it. */
export async function readStartup(server: ServerRow): Promise<ViewedStartup | undefined> {
  const [view, [egg]] = await Promise.all([
    viewServer(server),
    useDrizzle()
      .select({
        dockerImage: eggs.dockerImage,
        dockerImages: eggs.dockerImages,
        startup: eggs.startup,
        startupCommands: eggs.startupCommands,
      })
      .from(eggs)
      .where(eq(eggs.id, server.eggId)),
  ])
  return view && { view, images: egg ? offeredImages(egg) : {}, commands: egg ? offeredCommands(egg) : {} }
}
