import Bowser from 'bowser'

export interface Browser {
  browserName: string | null
  osName: string | null
  deviceName: string | null
}

const NOTHING: Browser = { browserName: null, osName: null, deviceName: null }

/** What a person recognises his browser by: `Firefox 131`, `Windows 11`, `Apple iPhone`. Parsed once for each session. */
export function describeBrowser(userAgent: string | null | undefined): Browser {
  if (!userAgent) return NOTHING
  const { browser, os, platform } = Bowser.parse(userAgent.slice(0, 512))
  const device = [platform.vendor, platform.model].filter(Boolean).join(' ') || platform.type

  return {
    browserName: named(browser.name, browser.version?.split('.', 1)[0]),
    osName: named(os.name, os.versionName ?? os.version),
    deviceName: device || null,
  }
}

const named = (name: string | undefined, version: string | undefined): string | null =>
  name ? [name, version].filter(Boolean).join(' ') : null
