import { runCommand, type ArgsDef, type CommandDef } from 'citty'
import { vi } from 'vitest'
import { exitCodeOf, explain } from '../../bin/explain.ts'

export interface Printed {
  stdout: string
  stderr: string
  code: number
}

/** A command itself, in this process: starting one takes a second of a core. */
export async function runHere<Args extends ArgsDef>(command: CommandDef<Args>, ...rawArgs: string[]): Promise<Printed> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  const printed = () => log.mock.calls.flat().join('\n')
  process.exitCode = undefined
  try {
    await runCommand(command, { rawArgs })
    return { stdout: printed(), stderr: '', code: Number(process.exitCode ?? 0) }
  } catch (error) {
    return { stdout: printed(), stderr: explain(error), code: exitCodeOf(error) }
  } finally {
    process.exitCode = undefined
    log.mockRestore()
  }
}
