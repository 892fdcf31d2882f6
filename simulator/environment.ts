import type { GameServer } from './server.ts'

const OWN = new Set(['TZ', 'STARTUP', 'SERVER_MEMORY', 'SERVER_IP', 'SERVER_PORT'])

/** What a game finds in its container: what Wings sets itself wins over variables of the same name. */
export function environmentOf(server: GameServer): Record<string, string> {
  const { environment, invocation, build, allocations } = server.configuration.settings
  const told = Object.entries(environment).map(([name, value]) => [name.toUpperCase(), value] as const)
  const variables = Object.fromEntries(told.filter(([name]) => !OWN.has(name)))
  const own = {
    TZ: 'UTC',
    SERVER_MEMORY: String(build.memory_limit),
    SERVER_IP: allocations.default?.ip ?? '',
    SERVER_PORT: String(allocations.default?.port ?? 0),
  }
  // Pterodactyl leaves the placeholders to the image, Pelican fills them in.
  const startup = server.flavour === 'pelican' ? substituted(invocation, { ...variables, ...own }) : invocation
  return { ...own, STARTUP: startup, ...variables }
}

/** What stands in double square brackets is left alone; what is unknown stays, in the shell's own form. */
export function substituted(text: string, values: Record<string, string>): string {
  return text.replace(
    /\[\[.*?\]\]|\{\{\s*(\w+)\s*\}\}|\$\{(\w+)\}/g,
    (found: string, braced?: string, shell?: string) => {
      const name = braced ?? shell
      return name === undefined ? found : (values[name] ?? `\${${name}}`)
    },
  )
}
