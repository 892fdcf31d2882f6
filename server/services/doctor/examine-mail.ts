import { greet } from '#server/mail/transmit'
import { mailServer } from '#server/services/mail/mail-server'

export interface ExaminedMail {
  /** Null: there is none, and links are shown instead of sent. */
  server: string | null
  /** What it says against it; null where it takes mails. */
  failure: string | null
}

/** Whether the mail server answers and takes the panel's name and password. Sends nothing. */
export async function examineMail(): Promise<ExaminedMail> {
  const mail = await mailServer()
  if (!mail) return { server: null, failure: null }
  const server = `${mail.server.host}:${mail.server.port}`
  return greet(mail).then(
    () => ({ server, failure: null }),
    (error: unknown) => ({ server, failure: error instanceof Error ? error.message : String(error) }),
  )
}
