import { useEnv } from '#server/env'
import { getSettings } from '#server/services/settings/current-settings'

/** The panel's own address where there is no request that could tell it. */
export async function ownAddress(): Promise<string> {
  const { APP_URL, PORT } = useEnv()
  return APP_URL || (await getSettings()).panel.address || `http://localhost:${PORT}`
}

/**
 * The full address of a page, for mails and for the terminal. A secret goes behind the `#`, which no browser sends and
 * no proxy writes down.
 */
export async function linkTo(path: `/${string}`, secret?: string): Promise<string> {
  return `${await ownAddress()}${path}${secret ? `#${secret}` : ''}`
}
