import type { ServerOfList } from '#shared/contracts/client/servers'

interface SftpAddress {
  /** As SFTP programs open it. */
  url: string
  /** For a terminal. */
  command: string
}

/** How somebody reaches the files of a server over SFTP. The part behind the last dot of the name says which server is meant. */
export function sftpAddressOf(
  username: string,
  { identifier, sftp_details: { ip, alias, port } }: Pick<ServerOfList, 'identifier' | 'sftp_details'>,
): SftpAddress {
  const host = alias ?? ip
  const login = `${username}.${identifier}`
  const printed = host.includes(':') ? `[${host}]` : host
  return {
    url: `sftp://${encodeURIComponent(login)}@${printed}:${port}`,
    command: `sftp -P ${port} ${login}@${printed}`,
  }
}
