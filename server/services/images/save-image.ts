import { eq } from 'drizzle-orm'
import { hash } from 'node:crypto'
import type { Executor } from '#server/database/client'
import { only } from '#server/database/rows'
import { images } from '#server/database/schema'
import type { Picture } from './read-picture'

/**
 * Stores a picture and answers its id, which is also its address: another picture is another one, so that browsers may
 * keep what they have for ever. The one that it replaces goes in the same transaction.
 */
export async function saveImage(tx: Executor, picture: Picture, replaced: string | null): Promise<string> {
  const sha256 = hash('sha256', picture.bytes)
  const row = only(
    await tx
      .insert(images)
      .values({ ...picture, sha256 })
      .returning({ id: images.id }),
  )
  await removeImage(tx, replaced)
  return row.id
}

/** Whoever refers to it refers to nothing from now on. */
export async function removeImage(tx: Executor, id: string | null): Promise<void> {
  if (id !== null) await tx.delete(images).where(eq(images.id, id))
}
