import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { defineCommand, renderUsage, runCommand, type SubCommandsDef } from 'citty'
import './whole-names.ts'
import './called-from.ts' // Reads where the command was given, before the next line leaves it.
import { exitCodeOf, explain } from './explain.ts'

// Paths in the settings are meant from the panel's folder, wherever the command is given.
process.chdir(join(import.meta.dirname, '..'))
if (existsSync('.env')) {
  process.loadEnvFile('.env')
}

/** Loaded when they are asked for: `start` waits for none of the others. */
const commands: SubCommandsDef = {
  start: async () => (await import('./commands/start.ts')).default,
  migrate: async () => (await import('./commands/migrate.ts')).default,
  'setup-link': async () => (await import('./commands/setup-link.ts')).default,
  'create-user': async () => (await import('./commands/create-user.ts')).default,
  'reset-password': async () => (await import('./commands/reset-password.ts')).default,
  'allow-passwords': async () => (await import('./commands/allow-passwords.ts')).default,
  'disable-2fa': async () => (await import('./commands/disable-2fa.ts')).default,
  'create-key': async () => (await import('./commands/create-key.ts')).default,
  'create-location': async () => (await import('./commands/create-location.ts')).default,
  'create-node': async () => (await import('./commands/create-node.ts')).default,
  'node-configuration': async () => (await import('./commands/node-configuration.ts')).default,
  'create-allocations': async () => (await import('./commands/create-allocations.ts')).default,
  'list-servers': async () => (await import('./commands/list-servers.ts')).default,
  power: async () => (await import('./commands/power.ts')).default,
  'import-egg': async () => (await import('./commands/import-egg.ts')).default,
  settings: async () => (await import('./commands/settings.ts')).default,
  'test-mail': async () => (await import('./commands/test-mail.ts')).default,
  doctor: async () => (await import('./commands/doctor.ts')).default,
}

const [name = '', ...rest] = process.argv.slice(2)
const chosen = Object.hasOwn(commands, name) ? commands[name] : undefined
const command = await (typeof chosen === 'function' ? chosen() : chosen)

if (!command || rest.includes('--help') || rest.includes('-h')) {
  const all = defineCommand({
    meta: { name: 'xyra', description: 'The command line of XyraPanel' },
    subCommands: commands,
  })
  const asksForHelp = command !== undefined || ['', '--help', '-h'].includes(name)
  const usage = `${await (command ? renderUsage(command, all) : renderUsage(all))}\n`
  console.log(process.stdout.isTTY ? usage : stripVTControlCharacters(usage))
  if (!asksForHelp) {
    console.error(`There is no command ${name}.`)
    process.exitCode = 2
  }
} else {
  try {
    await runCommand(command, { rawArgs: rest })
    if (name !== 'start') {
      // Open connections of the pool would keep a command waiting that has said all.
      process.exit()
    }
  } catch (error) {
    console.error(explain(error))
    process.exit(exitCodeOf(error))
  }
}
