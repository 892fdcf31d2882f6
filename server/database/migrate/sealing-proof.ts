import type pg from 'pg'
import { OperatorError } from '../../env/operator-error.ts'
import { open, seal } from '../seal.ts'

const KEY = 'sealing.proof'
const PLACE = 'settings.secret'

/**
 * A sealed value that exists for this question only: can this secret open what the database holds? Asked at the start,
 * or a wrong secret would show as one node after the other that cannot be reached.
 */
export async function proveSecret(client: pg.Client, secret: string): Promise<void> {
  const { rows } = await client.query<{ secret: string }>('select secret from settings where key = $1', [KEY])
  const proof = rows[0]?.secret

  if (proof === undefined) {
    await client.query(
      `insert into settings (key, secret, updated_at) values ($1, $2, now() at time zone 'utc') on conflict (key) do nothing`,
      [KEY, seal(PLACE, 'xyrapanel', secret)],
    )
    return
  }

  if (!opens(proof, secret)) {
    throw new OperatorError(
      'This is not the secret that the database was written with, so the tokens of nodes and all else that is sealed in it would not open. Put the earlier secret back: it stood in APP_SECRET, or in the file app.secret of the data folder.',
    )
  }
}

/** Null where nothing was sealed yet. */
export async function checkSecret(client: pg.Client, secret: string): Promise<boolean | null> {
  const { rows } = await client.query<{ secret: string }>('select secret from settings where key = $1', [KEY])
  const proof = rows[0]?.secret

  return proof === undefined ? null : opens(proof, secret)
}

function opens(proof: string, secret: string): boolean {
  try {
    open(PLACE, proof, secret)
    return true
  } catch {
    return false
  }
}
