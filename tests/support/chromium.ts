import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

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

interface WatchedPage {
  page: Page
  /** Errors on the console, errors of scripts, requests that left the panel and what the policy refused. Empty is good. */
  faults: string[]
}

/** A page in a window of its own, which writes down what no page of ours may do. */
export async function openPage(
  browser: Browser,
  baseUrl: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ baseURL: baseUrl, ...options })
  const page = await context.newPage()
  const faults: string[] = []

  page.on('console', (message) => {
    if (message.type() === 'error') {
      faults.push(`console: ${message.text()}`)
    }
  })
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`))
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== baseUrl) {
      faults.push(`elsewhere: ${request.url()}`)
    }
  })

  return { page, faults }
}
