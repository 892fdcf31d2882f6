import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { PALETTES } from '#shared/palettes'

const css = readFileSync('app/assets/css/palettes.css', 'utf8')
const main = readFileSync('app/assets/css/main.css', 'utf8')

/** What `--ui-primary` is where a selector applies. */
function primaryOf(selector: string): string {
  const [, rest = ''] = css.split(`${selector} {`)
  return /--ui-primary: (#[0-9a-f]{6});/.exec(rest.split('}')[0] ?? '')?.[1] ?? ''
}

const channel = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
function luminanceOf(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    channel(Number.parseInt(hex.slice(at, at + 2), 16) / 255),
  )
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
function contrastOf(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminanceOf(one), luminanceOf(other)].toSorted((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

const darkTokens = main.split('.dark {')[1]?.split('}')[0] ?? ''
const dark = (token: string) => new RegExp(`--ui-${token}: (#[0-9a-f]{6});`).exec(darkTokens)?.[1] ?? ''
/** Page, sidebar and quiet boxes; in light they are the library's. */
const SURFACES = {
  light: ['#ffffff', '#fafafa', '#f4f4f5'],
  dark: [dark('bg'), dark('bg-muted'), dark('bg-elevated')],
}
const INVERTED = { light: '#ffffff', dark: dark('text-inverted') }

describe.each(PALETTES)('the palette %s', (palette) => {
  it.each([
    ['light', `[data-palette='${palette}']`],
    ['dark', `.dark [data-palette='${palette}']`],
  ] as const)('can be read in %s, as text on every surface and below text', (theme, selector) => {
    const primary = primaryOf(selector)
    expect(primary).toMatch(/^#[0-9a-f]{6}$/)
    for (const surface of SURFACES[theme])
      expect([surface, contrastOf(primary, surface)]).toEqual([surface, expect.toSatisfy((ratio) => ratio >= 4.5)])
    expect(contrastOf(primary, INVERTED[theme])).toBeGreaterThanOrEqual(4.5)
  })
})

it('measures as the standard does', () => {
  expect(contrastOf('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
  expect(SURFACES.dark).toEqual(['#0f0f12', '#151519', '#1d1d22'])
})
