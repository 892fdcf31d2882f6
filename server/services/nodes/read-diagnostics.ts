import type { WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { wings } from '#server/wings/client'

/** What a daemon says of itself for whoever looks for a fault. Only Pelican's can. @throws {AppError} `node.diagnostics_unknown` */
export async function readDiagnostics(node: WingsNodeRow, { lines }: { lines: number }): Promise<string> {
  const text = await wings(node).system.diagnostics({ lines })
  if (text === null) throw new AppError('node.diagnostics_unknown')
  return text
}
