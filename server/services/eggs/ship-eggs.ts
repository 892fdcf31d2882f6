import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { SYSTEM } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { eggs, nests, type NestRow } from '#server/database/schema'
import { insertNest, ownAuthor } from '#server/services/nests/save-nest'
import type { EGG_ICONS } from '#shared/contracts/application/eggs'
import { EGG_FILE_MAX_BYTES, readEggFile, type EggFile } from '#server/services/eggs/format/read-egg-file'
import { importInto } from '#server/services/eggs/import-egg'

interface Shipped {
  file: string
  nest: string
  icon: (typeof EGG_ICONS)[number]
}

/** In the order in which they get their numbers. */
export const SHIPPED_EGGS: readonly Shipped[] = [
  { file: 'shell-demo', nest: 'Basics', icon: 'rocket' },
  { file: 'minecraft-paper', nest: 'Minecraft', icon: 'pickaxe' },
  { file: 'minecraft-vanilla', nest: 'Minecraft', icon: 'axe' },
  { file: 'terraria', nest: 'Games', icon: 'sword' },
  { file: 'rust', nest: 'Games', icon: 'flame' },
  { file: 'source-engine', nest: 'Games', icon: 'crosshair' },
  { file: 'nodejs', nest: 'Languages', icon: 'code' },
  { file: 'python', nest: 'Languages', icon: 'bot' },
  { file: 'java', nest: 'Languages', icon: 'box' },
]

/** Beside the sources, or beside a build that was taken elsewhere. */
const FOLDERS = ['eggs', join(dirname(process.argv[1] ?? ''), 'eggs')]

/** Once, for a panel that is set up by command. */
export const shipEggs = (): Promise<void> => useDrizzle().transaction(shipEggsInto)

/**
 * Brings the eggs that come with the panel: where there is any egg or nest already, whoever set the panel up has his
 * own. Joins the transaction of the set-up.
 */
export async function shipEggsInto(tx: Executor): Promise<void> {
  if ((await tx.$count(nests)) + (await tx.$count(eggs)) > 0) return

  const author = await ownAuthor()
  const made = new Map<string, NestRow>()
  for (const { file: name, nest: nestName, icon } of SHIPPED_EGGS) {
    const file = await readShippedEgg(name)
    if (!file) continue
    const nest = made.get(nestName) ?? (await insertNest(tx, { actor: SYSTEM, author, asked: { name: nestName } }))
    made.set(nestName, nest)
    await importInto(tx, { actor: SYSTEM, author, icon, file, nestId: nest.id, eggId: null })
  }
}

/** Null where a package was made without them. */
export async function readShippedEgg(name: string): Promise<EggFile | null> {
  for (const folder of FOLDERS) {
    const bytes = await readFile(join(folder, `${name}.yaml`)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    if (bytes && bytes.length <= EGG_FILE_MAX_BYTES) return readEggFile(bytes)
  }
  return null
}
