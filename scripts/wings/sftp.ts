import ssh, { type ConnectConfig, type SFTPWrapper } from 'ssh2'

export interface SftpSession {
  list(path: string): Promise<string[]>
  read(path: string): Promise<string>
  write(path: string, content: string): Promise<void>
  rename(from: string, to: string): Promise<void>
  makeFolder(path: string): Promise<void>
  remove(path: string): Promise<void>
  isOpen(): boolean
  close(): void
}

export interface SignIn {
  port: number
  /** `<user name>.<eight characters of the server>` */
  username: string
  password?: string
  privateKey?: string
  withinMs?: number
}

/** Signs in as a person's own program does. Throws where the daemon turns him away. */
export async function openSftp({ port, username, withinMs = 15_000, ...proof }: SignIn): Promise<SftpSession> {
  const client = new ssh.Client()
  let isOpen = true
  client.on('close', () => (isOpen = false))
  const config: ConnectConfig = {
    host: '127.0.0.1',
    port,
    username,
    ...proof,
    readyTimeout: withinMs,
    tryKeyboard: false,
  }

  const wrapper = await new Promise<SFTPWrapper>((resolve, reject) => {
    client.once('ready', () => client.sftp((error, opened) => (error ? reject(error) : resolve(opened))))
    client.on('error', reject)
    client.connect(config)
  }).catch((error: unknown) => {
    client.end()
    throw error
  })
  // A daemon that ends a session may leave the connection below it open.
  for (const end of ['error', 'end', 'close']) wrapper.on(end, () => (isOpen = false))

  const done = (act: (settle: (error?: Error | null) => void) => void) =>
    new Promise<void>((resolve, reject) => {
      client.once('close', () => reject(new Error('the daemon closed the connection')))
      act((error) => (error ? reject(error) : resolve()))
    })

  return {
    list: (path) =>
      new Promise((resolve, reject) =>
        wrapper.readdir(path, (error, entries) =>
          error ? reject(error) : resolve(entries.map(({ filename }) => filename)),
        ),
      ),
    read: (path) =>
      new Promise((resolve, reject) =>
        wrapper.readFile(path, (error, bytes) => (error ? reject(error) : resolve(bytes.toString()))),
      ),
    write: (path, content) => done((settle) => wrapper.writeFile(path, content, settle)),
    rename: (from, to) => done((settle) => wrapper.rename(from, to, settle)),
    makeFolder: (path) => done((settle) => wrapper.mkdir(path, settle)),
    remove: (path) => done((settle) => wrapper.unlink(path, settle)),
    isOpen: () => isOpen,
    close: () => client.end(),
  }
}
