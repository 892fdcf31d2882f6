import { eq } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { images, type ImageRow } from '#server/database/schema'

export type FoundImage = Pick<ImageRow, 'bytes' | 'mediaType' | 'sha256'>

export async function findImage(id: string): Promise<FoundImage | undefined> {
  const [found] = await useDrizzle()
    .select({ bytes: images.bytes, mediaType: images.mediaType, sha256: images.sha256 })
    .from(images)
    .where(eq(images.id, id))
  return found
}
