import { defineCommand, type ArgsDef, type CommandDef, type ParsedArgs } from 'citty'
import { migrateDatabase } from '#server/database/migrate'
import { UsageError } from './explain.ts'
import { MIGRATIONS, withPanel } from './launch.ts'

const json = { json: { type: 'boolean', description: 'Print the outcome as JSON' } } as const satisfies ArgsDef

type Given<Args extends ArgsDef> = ParsedArgs<Args & typeof json>

interface PanelCommand<Args extends ArgsDef, Asked, Outcome> {
  name: string
  description: string
  args: Args
  /** Before a database is started: what can be refused without one. */
  check: (given: Given<Args>, rawArgs: readonly string[]) => Promise<Asked> | Asked
  /** With a database at the newest schema, beside a running panel or without one. */
  work: (asked: Asked) => Promise<Outcome>
  /** What `--json` prints. */
  tell: (outcome: Outcome) => unknown
  /** For who reads. */
  say: (outcome: Outcome) => string
  /** Whether the command did all that it was asked; it ends with 1 otherwise. */
  isDone?: (outcome: Outcome) => boolean
}

/** A command that asks nothing back: it prints its outcome, as a sentence or as one line of JSON, and ends. */
export function definePanelCommand<const Args extends ArgsDef, Asked, Outcome>({
  name,
  description,
  args,
  check,
  work,
  tell,
  say,
  isDone = () => true,
}: PanelCommand<Args, Asked, Outcome>): CommandDef<Args & typeof json> {
  const known = { ...args, ...json }
  return defineCommand({
    meta: { name, description },
    args: known,
    async run({ args: parsed, rawArgs }) {
      refuseMistakes(known, rawArgs, parsed)
      const given = parsed as Given<Args>
      const asked = await check(given, rawArgs)

      const outcome = await withPanel(async ({ database, secret }) => {
        await migrateDatabase({ url: database.url, folder: MIGRATIONS, secret })
        return work(asked)
      })
      const text = given.json ? JSON.stringify(tell(outcome)) : say(outcome)
      if (text !== '') console.log(text)
      if (!isDone(outcome)) process.exitCode = 1
    },
  })
}

/** Of how a command was called, before anything is begun. */
export function refuseMistakes(known: ArgsDef, rawArgs: readonly string[], parsed: Parsed): void {
  refuseUnknown(known, rawArgs)
  refuseOdd(known, parsed)
}

type Parsed = Record<string, unknown> & { _: string[] }

/** A misspelt option must not be as good as none. */
function refuseUnknown(known: ArgsDef, rawArgs: readonly string[]): void {
  const names = rawArgs.filter((text) => text.startsWith('--')).map((text) => text.slice(2).split('=', 1).join(''))
  const isKnown = (name: string) =>
    Object.hasOwn(known, name) || (name.startsWith('no-') && known[name.slice(3)]?.type === 'boolean')
  const unknown = names.filter((name) => name !== '' && !isKnown(name))
  if (unknown.length > 0) throw new UsageError(`There is no option ${unknown.map((name) => `--${name}`).join(', ')}.`)
}

/** A word too many is a mistake, and a choice that was not made is no default. */
function refuseOdd(known: ArgsDef, parsed: Parsed): void {
  const args = Object.entries(known)
  const extra = parsed._.slice(args.filter(([, { type }]) => type === 'positional').length)
  if (extra.length > 0) throw new UsageError(`That is more than this command takes: ${extra.join(' ')}`)

  const missing = args.find(([name, { type, required }]) => type === 'enum' && required && parsed[name] === undefined)
  if (missing) throw new UsageError(`Missing required argument: --${missing[0]}`)
}

/** Of an option that may be given more than once: `--level a=1 --level=b=2,c=3`. */
export function valuesOf(rawArgs: readonly string[], name: string): string[] {
  return rawArgs.flatMap((text, place) => {
    if (text === `--${name}`) return (rawArgs[place + 1] ?? '').split(',')
    return text.startsWith(`--${name}=`) ? text.slice(name.length + 3).split(',') : []
  })
}
