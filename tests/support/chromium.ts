import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core'

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

interface WindowOptions extends BrowserContextOptions {
  /** Addresses beside the panel's that its pages may ask: a node's. */
  alsoAt?: readonly string[]
  cookies?: Parameters<BrowserContext['addCookies']>[0]
}

/** A page in a window of its own, which writes down what no page of ours may do. */
export async function openPage(
  browser: Browser,
  baseUrl: string,
  { alsoAt = [], cookies = [], ...options }: WindowOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ baseURL: baseUrl, ...options })
  await context.addCookies(cookies)
  const page = await context.newPage()
  const faults: string[] = []

  page.on('console', (message) => {
    if (message.type() === 'error') {
      faults.push(`console: ${message.text()}`)
    }
  })
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`))
  const places = new Set([baseUrl, ...alsoAt].map((url) => new URL(url).host))
  const watch = (url: string) => {
    if (!/^(data|blob):/.test(url) && !places.has(new URL(url).host)) {
      faults.push(`elsewhere: ${url}`)
    }
  }
  page.on('request', (request) => watch(request.url()))
  page.on('websocket', (socket) => watch(socket.url()))

  return { page, faults }
}
