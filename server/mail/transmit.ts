import { createTransport } from 'nodemailer'

interface MailServer {
  host: string
  port: number
  encryption: 'none' | 'starttls' | 'tls'
  username: string
  fromAddress: string
  fromName: string
}

interface Transmit {
  server: MailServer
  password: string | undefined
  panelName: string
  to: string
  subject: string
  text: string
}

const transportTo = ({ server, password }: Pick<Transmit, 'server' | 'password'>) =>
  createTransport({
    host: server.host,
    port: server.port,
    secure: server.encryption === 'tls',
    requireTLS: server.encryption === 'starttls',
    ignoreTLS: server.encryption === 'none',
    ...(server.username && { auth: { user: server.username, pass: password ?? '' } }),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
  })

/** Signs in at the mail server and leaves again. Throws what nodemailer says. */
export async function greet(to: Pick<Transmit, 'server' | 'password'>): Promise<void> {
  const transport = transportTo(to)
  try {
    await transport.verify()
  } finally {
    transport.close()
  }
}

/** Hands one mail to the mail server of the settings. Throws what nodemailer says, whose `code` names the cause. */
export async function transmit({ server, password, panelName, to, subject, text }: Transmit): Promise<void> {
  const transport = transportTo({ server, password })
  try {
    await transport.sendMail({
      from: { name: server.fromName || panelName, address: server.fromAddress },
      to,
      subject,
      text,
    })
  } finally {
    transport.close()
  }
}
