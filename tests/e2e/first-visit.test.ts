import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { hasChromium, launchChromium, openPage } from '../support/chromium'

// Chromium drops what it is loading when a network of the machine comes or goes, as those of containers do.
describe.skipIf(!hasChromium)('a stranger', { retry: 2 }, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser.close())

  it.each(['/', '/auth/login', '/auth/forgot-password', '/auth/setup', '/servers/a1b2c3d4', '/nothing/here'])(
    'is shown %s without a fault, and nothing from elsewhere',
    async (path) => {
      const { page, faults } = await openPage(browser, inject('baseUrl'))
      await page.goto(path, { waitUntil: 'networkidle' })

      expect(await page.locator('h1').first().textContent()).toBeTruthy()
      expect(faults).toEqual([])
      await page.context().close()
    },
  )
})
