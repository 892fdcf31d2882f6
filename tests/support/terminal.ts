import type { Page } from 'playwright-core'

/** What stands in the terminal now: of each row its text. */
export const terminalText = async (page: Page): Promise<string> =>
  (await page.locator('.xterm-rows > div').allInnerTexts())
    .map((row) => row.replaceAll('\u00A0', ' ').trimEnd())
    .join('\n')

/** Waits until a line of the terminal contains this. */
export async function untilPrinted(page: Page, text: string): Promise<void> {
  await page
    .locator('.xterm-rows')
    .filter({ hasText: text })
    .waitFor()
    .catch(async (cause: unknown) => {
      throw new Error(`The terminal never showed "${text}". It shows:\n${await terminalText(page)}`, { cause })
    })
}
