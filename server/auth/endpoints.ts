/**
 * What better-auth may answer itself: the ceremonies of authenticators. All the rest are routes of ours, or nothing.
 * A test holds that each path of the library is here or in the list below it.
 */
export const OPEN = [
  '/passkey/generate-register-options',
  '/passkey/verify-registration',
  '/passkey/generate-authenticate-options',
  '/passkey/verify-authentication',
] as const

const shapes = OPEN.map((path) => new RegExp(`^/api/auth${path.replace(/:\w+/g, '[\\w-]+')}$`))

/** `path` as a URL has it: dot segments folded, nothing decoded. */
export const isOpen = (path: string): boolean => shapes.some((shape) => shape.test(path))
