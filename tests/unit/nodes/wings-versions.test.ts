import { expect, it } from 'vitest'
import { fixMissingIn } from '#shared/utils/wings-versions'

it.each([
  ['pterodactyl', '1.11.11', '1.13.0'],
  ['pterodactyl', '1.9.9', '1.13.0'],
  ['pterodactyl', 'v1.12.3', '1.13.0'],
  ['pterodactyl', '1.13.0-rc1', '1.13.0'],
  ['pterodactyl', '1.13.0', null],
  ['pterodactyl', '1.13.1', null],
  ['pterodactyl', '2.0.0', null],
  ['pterodactyl', 'develop', null],
  ['pelican', '1.0.0-beta9', '1.0.0-beta26'],
  ['pelican', '1.0.0-beta25', '1.0.0-beta26'],
  ['pelican', '1.0.0-beta26', null],
  ['pelican', '1.0.0-beta29', null],
  ['pelican', '1.0.0', null],
  ['pelican', null, null],
  [null, '1.0.0', null],
] as const)('sec-29, sec-30 of %s %s the version that closes what is published is %s', (flavour, version, fixed) => {
  expect(fixMissingIn(flavour, version)).toBe(fixed)
})
