import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { z } from 'zod'
import { startWings, type WingsOptions } from './wings.ts'

const USAGE = `A simulated Wings.

  node simulator/cli.ts --panel URL --token-id ID --token SECRET [--flavour pterodactyl|pelican] [--host ADDRESS] [--port N] [--data DIR]
  node simulator/cli.ts --config FILE [--flavour pterodactyl|pelican] [--data DIR]

FILE is the configuration that the panel shows, as YAML or JSON.
`

const given = z.object({
  token_id: z.string(),
  token: z.string().min(1),
  remote: z.url(),
  api: z
    .object({ host: z.string().default('0.0.0.0'), port: z.int().default(8080), upload_limit: z.int().optional() })
    .prefault({}),
  allowed_origins: z.array(z.string()).optional(),
  allowed_mounts: z.array(z.string()).optional(),
})

async function optionsOf(args: string[]): Promise<WingsOptions> {
  const names = ['panel', 'token-id', 'token', 'flavour', 'host', 'port', 'data', 'config'] as const
  const { values } = parseArgs({
    args,
    options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
  })
  const flavour = z.enum(['pterodactyl', 'pelican']).default('pterodactyl').parse(values.flavour)
  const usual = { flavour, dataDir: String(values.data ?? '.wings'), control: true }

  if (values.config === undefined) {
    const {
      panel,
      'token-id': tokenId,
      token,
      host,
    } = z
      .object({ panel: z.url(), 'token-id': z.string(), token: z.string(), host: z.string().optional() })
      .parse(values)
    return { ...usual, panelUrl: panel, tokenId, token, host, port: Number(values.port ?? 8080) }
  }

  const config = given.parse(parse(await readFile(String(values.config), 'utf8')))
  return {
    ...usual,
    panelUrl: config.remote,
    tokenId: config.token_id,
    token: config.token,
    host: String(values.host ?? config.api.host),
    port: Number(values.port ?? config.api.port),
    uploadLimitMib: config.api.upload_limit,
    allowedOrigins: config.allowed_origins,
    allowedMounts: config.allowed_mounts,
  }
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
const complain = (words: string) => process.stderr.write(`${words}\n`)

async function main(): Promise<void> {
  const options = await optionsOf(process.argv.slice(2)).catch((error: unknown) => {
    complain(`${USAGE}\n${error instanceof z.ZodError ? z.prettifyError(error) : wordsOf(error)}`)
    process.exit(2)
  })

  const wings = await startWings(options)
  process.stdout.write(`Simulated ${wings.flavour} Wings, ${wings.servers.length} servers, ${wings.url}\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void wings.stop())
  const reason = await wings.ended
  if (reason === 'stopped') return
  complain(reason)
  process.exit(1)
}

await main().catch((error: unknown) => {
  complain(wordsOf(error))
  process.exit(1)
})
