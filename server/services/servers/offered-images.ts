import { z } from 'zod'
import { eggDockerImages } from '#server/database/json'
import type { EggRow } from '#server/database/schema'

/** The images that an egg offers, by their labels; an egg with one has it as its label, too. */
export function offeredImages(egg: Pick<EggRow, 'dockerImage' | 'dockerImages'>): Record<string, string> {
  return egg.dockerImages ? z.decode(eggDockerImages, egg.dockerImages) : { [egg.dockerImage]: egg.dockerImage }
}
