import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { hasChromium, launchChromium, openPage } from '../support/chromium'
import { session } from '../support/session-state'

const signedOut = {
  ...session,
  user: null,
  sign_in: { password: true, registration: false, captcha: 'off', providers: [] },
}

/** Stands among the sentences about failures, and nowhere else. */
const ONE_OF_THEM = 'Something in the panel failed. Try again;'

/** What comes of the file of these sentences: nothing before the promise ends, and nothing at all where it says so. */
async function holdSentences(page: Page, until: Promise<'come' | 'are lost'>): Promise<void> {
  await page.route('**/api/client/session', (route) => route.fulfill({ json: signedOut }))
  await page.route('**/_nuxt/*.js', async (route) => {
    const response = await route.fetch()
    const isTheFile = (await response.text()).includes(ONE_OF_THEM)
    if (isTheFile && (await until) === 'are lost') return route.abort()
    return route.fulfill({ response })
  })
}

describe.skipIf(!hasChromium)('a form that is sent before the sentences about its faults are there', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser.close())

  const bodyOf = (page: Page) => page.locator('body').innerText()

  it.each([
    ['come', 'Fill this in.'],
    ['are lost', 'Check this field.'],
  ] as const)('shows no key, and when they %s says: %s', async (end, sentence) => {
    const { page } = await openPage(browser, inject('baseUrl'))
    let release = (_: typeof end) => {}
    await holdSentences(page, new Promise((resolve) => (release = resolve)))
    await page.goto('/auth/login')

    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    expect(await bodyOf(page)).not.toContain('failures.')

    release(end)
    await page.getByText(sentence).first().waitFor()
    expect(await bodyOf(page)).not.toContain('failures.')
    await page.context().close()
  })
})
