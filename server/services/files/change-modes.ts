import type { ServerRow, WingsNodeRow } from '#server/database/schema'
import { refusedField } from '#server/errors'
import { wings } from '#server/wings/client'

interface ChangeModes {
  server: ServerRow
  node: WingsNodeRow
  directory: string
  /** Octal digits, as a number: 755. */
  files: { file: string; mode: number }[]
}

/** Not recorded, as the API has it. @throws {AppError} `request.invalid` for what are no octal digits */
export async function changeModes({ server, node, directory, files }: ChangeModes): Promise<void> {
  const wrong = files.findIndex(({ mode }) => !/^[0-7]{1,4}$/.test(String(mode)))
  if (wrong >= 0) throw refusedField(`files.${wrong}.mode`, 'regex', `The files.${wrong}.mode format is invalid.`)
  await wings(node).files.chmod(
    server.uuid,
    directory,
    files.map(({ file, mode }) => ({ file, mode: String(mode) })),
  )
}
