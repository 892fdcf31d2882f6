import { useEnv } from '#server/env'
import { getSettings } from '#server/services/settings/current-settings'

/**
 * The full address of a page, for mails and for the terminal. A secret goes behind the `#`, which no browser sends and
 * no proxy writes down.
 */
export async function linkTo(path: `/${string}`, secret?: string): Promise<string> {
  const { APP_URL, PORT } = useEnv()
  const address = APP_URL || (await getSettings()).panel.address || `http://localhost:${PORT}`
  return `${address}${path}${secret ? `#${secret}` : ''}`
}
