import { readFileSync } from 'node:fs'
import type { ExaminedAddress } from '#server/services/doctor/examine-address'
import type { ExaminedDatabaseHost } from '#server/services/doctor/examine-database-hosts'
import type { ExaminedMail } from '#server/services/doctor/examine-mail'
import type { ExaminedNode } from '#server/services/doctor/examine-nodes'
import { explain } from '../explain.ts'
import { good, wrong, type Finding } from './finding.ts'

/** Beyond it links, codes and tokens that live for minutes are refused. */
const CLOCK_MS_MAX = 5_000

/** What the panel has to do with: its own address, the mail server, the database's clock, the nodes, the database hosts. Wants the newest schema. */
export async function examineSurroundings(): Promise<Finding[]> {
  const [{ examineAddress }, { examineMail }, { examineClock }, { examineNodes }, { examineDatabaseHosts }] =
    await Promise.all([
      import('#server/services/doctor/examine-address'),
      import('#server/services/doctor/examine-mail'),
      import('#server/services/doctor/examine-clock'),
      import('#server/services/doctor/examine-nodes'),
      import('#server/services/doctor/examine-database-hosts'),
    ])
  const found = await Promise.all([
    attempt('address', async () => [addressFinding(await examineAddress())]),
    attempt('mail', async () => [mailFinding(await examineMail())]),
    attempt('clock', async () => [clockFinding(await examineClock())]),
    attempt('nodes', async () => nodeFindings(await examineNodes())),
    attempt('database hosts', async () => hostFindings(await examineDatabaseHosts())),
  ])
  return found.flat()
}

/** What cannot be examined is a finding too, and hides no other. */
const attempt = (name: string, examine: () => Promise<Finding[]>): Promise<Finding[]> =>
  examine().catch((error: unknown) => [wrong(name, explain(error))])

function addressFinding({ address, isFromEnvironment, processes, answer, cause }: ExaminedAddress): Finding {
  if (!address)
    return wrong('address', 'is not known. Name it: xyra settings set panel.address https://panel.example.com')

  const named = `${address}${isFromEnvironment ? ' (APP_URL)' : ''}`
  switch (answer) {
    case null:
      return good('address', `${named}; no process of the panel runs, so nobody was asked there`)
    case 'panel':
      return address.startsWith('https://') || /^http:\/\/(localhost|127\.|\[::1\])/.test(address)
        ? good('address', `${named} answers; ${processes} ${processes === 1 ? 'process' : 'processes'}`)
        : wrong('address', `${named} answers without TLS: passwords go in the clear, and passkeys do not work.`)
    case 'something-else':
      return wrong('address', `${named} is answered by something else. Look at the proxy before the panel.`)
    case 'nothing':
      return wrong(
        'address',
        `${named} cannot be reached from here: ${cause}. Look at its name, the proxy and its port.`,
      )
  }
}

function mailFinding({ server, failure }: ExaminedMail): Finding {
  if (!server) return good('mail', 'no mail server: links are shown to the administrator instead of sent')
  return failure
    ? wrong('mail', `${server} does not take mails: ${failure}`)
    : good('mail', `${server} answers and lets the panel in`)
}

function clockFinding(aheadMs: number): Finding {
  const seconds = (Math.abs(aheadMs) / 1000).toFixed(1)
  return Math.abs(aheadMs) <= CLOCK_MS_MAX
    ? good('clock', `within ${seconds} s of the database's`)
    : wrong(
        'clock',
        `is ${seconds} s ${aheadMs > 0 ? 'behind' : 'ahead of'} the database's. On both machines: sudo timedatectl set-ntp true`,
      )
}

function nodeFindings({ nodes, total }: { nodes: ExaminedNode[]; total: number }): Finding[] {
  const troubled = nodes.flatMap((node) => findingOf(node) ?? [])
  const fine = nodes.length - troubled.length
  if (nodes.length === 0) return [good('nodes', 'none yet; create-node makes one')]
  const unseen = total - nodes.length
  return [
    ...(fine > 0 ? [good('nodes', `${fine} of ${nodes.length} as they should be`)] : []),
    ...(unseen > 0 ? [good('nodes', `${unseen} more were not looked at; their pages say how they are`)] : []),
    ...troubled,
  ]
}

function findingOf({ name, version, trouble, isInMaintenance, isNew, fixedVersion }: ExaminedNode): Finding | null {
  const title = `node ${name}`
  if (isNew && trouble?.ok === false)
    return wrong(title, `was never seen. node-configuration --node ${name} prints the file for its daemon.`)
  if (trouble?.ok === false && !isInMaintenance) return wrong(title, sentenceOf(trouble))
  if (fixedVersion)
    return wrong(title, `runs Wings ${version}, which has published holes. Update it to ${fixedVersion}.`)
  return trouble && !isInMaintenance ? wrong(title, sentenceOf(trouble)) : null
}

/** Of none nothing is said: many panels have none. */
const hostFindings = (hosts: readonly ExaminedDatabaseHost[]): Finding[] =>
  hosts.map(({ name, version, failure }) =>
    failure === null
      ? good(`database host ${name}`, `${version} lets the panel in`)
      : wrong(`database host ${name}`, `does not work: ${failure}`),
  )

interface Trouble {
  cause: string | null
  detail: Record<string, string | number> | null
}

/** What the node's page says of it. */
function sentenceOf({ cause, detail }: Trouble): string {
  const said = JSON.parse(readFileSync('i18n/locales/en/panel.json', 'utf8')) as {
    failures: { node: { check: Record<string, string> } }
  }
  const sentence = said.failures.node.check[cause ?? ''] ?? 'Something went wrong on the way to it.'
  return sentence.replace(/\{(\w+)\}/g, (slot, key: string) => String(detail?.[key] ?? slot))
}
