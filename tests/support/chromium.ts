import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const executablePath = process.env.CHROMIUM || '/usr/bin/chromium'

/** For `describe.skipIf(!hasChromium)`. With CI=true a missing browser is a failure. */
export const hasChromium = existsSync(executablePath)

if (!hasChromium && process.env.CI === 'true') {
  throw new Error(
    `${executablePath} is missing. Install it (Debian: apt-get install chromium) or name another in CHROMIUM.`,
  )
}

/** The system's own browser, kept from asking the network on its own account. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
    ],
  })
}
