import type { Caller, Reply } from './api'
import { request } from './api'
import { routesUrl } from './routes'

interface Browser extends Caller {
  /** Where this browser seems to be, as a trusted proxy would say. */
  send: (signature: string, body?: unknown) => Promise<Reply>
}

/** Keeps cookies as a browser does, and sends writes from our own pages. */
export async function openBrowser({
  from = '203.0.113.7',
  userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0',
} = {}): Promise<Browser> {
  const cookies = new Map<string, string>()
  const headers: Record<string, string> = {
    origin: await routesUrl(),
    'x-forwarded-for': from,
    'user-agent': userAgent,
  }

  const browser: Browser = {
    headers,
    async send(signature, body) {
      const reply = await request(signature, { as: browser, body })
      for (const line of reply.headers.getSetCookie()) {
        const [pair = ''] = line.split(';', 1)
        const at = pair.indexOf('=')
        if (/max-age=0/i.test(line)) cookies.delete(pair.slice(0, at))
        else cookies.set(pair.slice(0, at), pair.slice(at + 1))
      }
      headers.cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      return reply
    },
  }
  return browser
}
