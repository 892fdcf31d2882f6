import type { Actor } from '#server/auth/actor'
import type { EggRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { mayAdminister } from '#server/policies/administration-policy'

type ScriptColumns = Pick<
  EggRow,
  'scriptInstall' | 'scriptContainer' | 'scriptEntry' | 'copyScriptFrom' | 'isScriptPrivileged'
>

export const NO_SCRIPT: ScriptColumns = {
  scriptInstall: null,
  scriptContainer: null,
  scriptEntry: null,
  copyScriptFrom: null,
  isScriptPrivileged: true,
}

export function changesScript(before: ScriptColumns, after: Partial<ScriptColumns>): boolean {
  return (Object.keys(NO_SCRIPT) as (keyof ScriptColumns)[]).some(
    (column) => after[column] !== undefined && (after[column] || null) !== (before[column] || null),
  )
}

/**
 * A script of an egg runs as root in a container on every node, so writing one takes a right of its own.
 *
 * @throws {AppError} `egg.script_forbidden`
 */
export function assertScriptRight(actor: Actor, before: ScriptColumns, after: Partial<ScriptColumns>): void {
  if (changesScript(before, after) && !mayAdminister(actor, 'install_scripts', 'write'))
    throw new AppError('egg.script_forbidden')
}
