import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { OperatorError } from '#server/env/operator-error'
import { calledFrom } from '../called-from.ts'
import { definePanelCommand } from '../panel-command.ts'

export default definePanelCommand({
  name: 'import-egg',
  description: 'Import an egg, of Pterodactyl or Pelican, JSON or YAML; one of the same uuid is overwritten',
  args: {
    file: { type: 'string', required: true, description: 'Its path; - reads standard input' },
    nest: { type: 'string', description: 'Number or name of the nest for a new egg' },
  },
  async check({ file, nest }) {
    const [bytes, { readEggFile }] = await Promise.all([
      bytesOf(file),
      import('#server/services/eggs/format/read-egg-file'),
    ])
    return { egg: readEggFile(bytes), nest }
  },
  async work({ egg, nest: named }) {
    const [{ findNestNamed }, { importEgg }, { SYSTEM }] = await Promise.all([
      import('#server/services/nests/queries'),
      import('#server/services/eggs/import-egg'),
      import('#server/auth/actor'),
    ])
    const nest = named === undefined ? undefined : await findNestNamed(named)
    if (named !== undefined && !nest) throw new OperatorError(`There is no nest ${named}.`)
    return importEgg({ actor: SYSTEM, file: egg, nestId: nest?.id ?? null, eggId: null })
  },
  tell: ({ id, uuid, name, nestId }) => ({ id: Number(id), uuid, name, nest_id: Number(nestId) }),
  say: ({ id, name }) => `Egg ${name} has the number ${id}.`,
})

async function bytesOf(path: string): Promise<Uint8Array> {
  if (path === '-') return buffer(process.stdin)
  return readFile(resolve(calledFrom, path)).catch((error: NodeJS.ErrnoException) => {
    throw new OperatorError(`${path} cannot be read: ${error.code ?? error.message}`)
  })
}
