import { defineEventHandler, setResponseHeaders } from 'h3'

/**
 * Consoles and file transfers go from the browser straight to nodes, whose addresses are not known here: connections
 * are open, everything else is our own. Inline styles are what @nuxt/ui writes its theme with.
 */
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  'connect-src * data: blob:',
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
  'cross-origin-opener-policy': 'same-origin',
}

export default defineEventHandler((event) => {
  setResponseHeaders(event, HEADERS)
})
