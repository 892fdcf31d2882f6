import { z } from 'zod'

export interface MailServer {
  host: string
  port: number
  encryption: 'none' | 'starttls' | 'tls'
  /** Empty: nobody is asked for one. */
  username: string
  password: string
}

/** `smtp://name:password@host:587` for STARTTLS, `smtps://` for TLS from the first byte, `?encryption=none` for neither. */
export const mailUrl = z
  .string()
  .refine((text) => readMailUrl(text) !== null, {
    error: 'is not the address of a mail server, such as smtp://name:password@mail.example.com:587',
  })
  .transform((text) => readMailUrl(text) as MailServer)

function readMailUrl(text: string): MailServer | null {
  const url = URL.parse(text)
  if (!url || !['smtp:', 'smtps:'].includes(url.protocol) || !url.hostname) return null
  const asked = url.searchParams.get('encryption')
  if (asked !== null && asked !== 'none') return null

  const isTls = url.protocol === 'smtps:'
  try {
    return {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port || (isTls ? 465 : 587)),
      encryption: isTls ? 'tls' : asked === 'none' ? 'none' : 'starttls',
      username: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    }
  } catch {
    return null
  }
}
