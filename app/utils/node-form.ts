import type { Node, nodes } from '#shared/contracts/application/nodes'
import type { Given } from '#shared/contracts/endpoint'

/** What a form knows of a node. */
export interface NodeDraft extends Record<string, unknown> {
  name: string
  description: string
  location: number | undefined
  fqdn: string
  scheme: 'http' | 'https'
  behindProxy: boolean
  listenPort: number
  /** Where the world reaches it, if a proxy listens elsewhere. */
  connectPort: number
  sftpPort: number
  sftpAlias: string
  /** Where the panel itself reaches it, if not where browsers do. */
  baseUrl: string
  allowInsecure: boolean
  memoryMib: number
  memoryOverPercent: number
  diskMib: number
  diskOverPercent: number
  /** 0: no limit. */
  cpuPercent: number
  cpuOverPercent: number
  uploadMib: number
  folder: string
  isPublic: boolean
  tags: string[]
}

type Reached = Pick<Node, 'scheme' | 'fqdn' | 'daemon_connect'>

/** Where browsers reach a node: `https://fra-1.example.com:8080`, an IPv6 address in brackets. */
export function nodeAddressOf({ scheme, fqdn, daemon_connect: port }: Reached): string {
  const host = fqdn.includes(':') && !fqdn.startsWith('[') ? `[${fqdn}]` : fqdn
  return `${scheme}://${host}:${port}`
}

export const blankNode = (page: Pick<Location, 'protocol'>): NodeDraft => ({
  name: '',
  description: '',
  location: undefined,
  fqdn: '',
  // Browsers let a secure page reach nothing but secure nodes.
  scheme: page.protocol === 'https:' ? 'https' : 'http',
  behindProxy: false,
  listenPort: 8080,
  connectPort: 8080,
  sftpPort: 2022,
  sftpAlias: '',
  baseUrl: '',
  allowInsecure: false,
  memoryMib: 16_384,
  memoryOverPercent: 0,
  diskMib: 204_800,
  diskOverPercent: 0,
  cpuPercent: 0,
  cpuOverPercent: 0,
  uploadMib: 100,
  folder: '/var/lib/pterodactyl/volumes',
  isPublic: true,
  tags: [],
})

export const nodeDraftOf = (node: Node): NodeDraft => ({
  name: node.name,
  description: node.description ?? '',
  location: node.location_id,
  fqdn: node.fqdn,
  scheme: node.scheme === 'https' ? 'https' : 'http',
  behindProxy: node.behind_proxy,
  listenPort: node.daemon_listen,
  connectPort: node.daemon_connect,
  sftpPort: node.daemon_sftp,
  sftpAlias: node.daemon_sftp_alias ?? '',
  baseUrl: node.base_url === nodeAddressOf(node) ? '' : node.base_url,
  allowInsecure: node.allow_insecure,
  memoryMib: node.memory,
  memoryOverPercent: node.memory_overallocate,
  diskMib: node.disk,
  diskOverPercent: node.disk_overallocate,
  cpuPercent: node.cpu,
  cpuOverPercent: node.cpu_overallocate,
  uploadMib: node.upload_size,
  folder: node.daemon_base,
  isPublic: node.public,
  tags: [...node.tags],
})

/** As the API asks for a node. Only behind a proxy do two ports mean something. */
export function nodeBodyOf(draft: NodeDraft): Given<typeof nodes.create, 'body'> {
  return {
    name: draft.name.trim(),
    description: draft.description.trim() || null,
    location_id: draft.location,
    fqdn: draft.fqdn.trim(),
    scheme: draft.scheme,
    behind_proxy: draft.behindProxy,
    daemon_listen: draft.listenPort,
    daemon_connect: draft.behindProxy ? draft.connectPort : draft.listenPort,
    daemon_sftp: draft.sftpPort,
    daemon_sftp_alias: draft.sftpAlias.trim() || null,
    base_url: draft.baseUrl.trim() || null,
    allow_insecure: draft.allowInsecure,
    memory: draft.memoryMib,
    memory_overallocate: draft.memoryOverPercent,
    disk: draft.diskMib,
    disk_overallocate: draft.diskOverPercent,
    cpu: draft.cpuPercent,
    cpu_overallocate: draft.cpuOverPercent,
    upload_size: draft.uploadMib,
    daemon_base: draft.folder.trim() || null,
    public: draft.isPublic,
    tags: draft.tags,
  }
}

const IS_ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[?[0-9a-f]*:[0-9a-f:.]*\]?)$/i
const IS_LOCAL = /^(?:localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[?::1?\]?)$/i

/** What is likely to go wrong with an address, though nothing forbids it. */
export function addressDoubtOf({
  fqdn,
  scheme,
}: Pick<NodeDraft, 'fqdn' | 'scheme'>): 'local' | 'certificate' | undefined {
  const host = fqdn.trim()
  if (IS_LOCAL.test(host)) return 'local'
  return scheme === 'https' && IS_ADDRESS.test(host) ? 'certificate' : undefined
}
