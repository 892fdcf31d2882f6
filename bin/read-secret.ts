import { UsageError } from './explain.ts'

/** An option that holds a secret: `-` has it read from standard input, where no list of processes shows it. */
export async function readSecret(given: string | undefined): Promise<string | undefined> {
  if (given !== '-') return given || undefined
  if (process.stdin.isTTY) throw new UsageError('A secret of - is read from standard input: printf %s "$SECRET" | …')

  let text = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk
  const secret = text.replace(/\r?\n$/, '')
  if (secret === '') throw new UsageError('Standard input was empty.')
  return secret
}
