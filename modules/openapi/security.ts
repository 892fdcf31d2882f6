import type { Access } from './served-route'

type Requirement = Record<string, readonly string[]>

export const SECURITY_SCHEMES = {
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'panel.session_token',
    description:
      "A browser in which somebody is signed in. Writes come from the panel's pages or carry `X-XSRF-TOKEN`.",
  },
  accountKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'ptlc_…',
    description: 'A key of an account: it does what its owner may, or what of that it was narrowed to.',
  },
  applicationKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'ptla_…',
    description: 'A key of the administration: for each kind of thing it reads, writes, both or neither.',
  },
  deployKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'papp_…',
    description: 'Fetches the configuration of one node once, for an hour.',
  },
  node: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: '<token id>.<token>',
    description: "A node's daemon. What it names is its own, or does not exist.",
  },
}

const SCHEME = {
  session: 'session',
  account: 'accountKey',
  application: 'applicationKey',
  deploy: 'deployKey',
  node: 'node',
} as const

/** One alternative for each way in, with what it has to carry. */
const byKeys =
  (carried: (access: Access) => readonly string[]) =>
  (access: Access): Requirement[] =>
    access.keys.map((key) => ({ [SCHEME[key]]: key === 'session' || key === 'node' ? [] : carried(access) }))

export const SECURITY: Record<Access['who'], (access: Access) => Requirement[]> = {
  anyone: () => [],
  person: byKeys(() => []),
  server: byKeys(({ permissions = [] }) => permissions),
  administrator: byKeys(({ rights = [] }) => rights),
  node: byKeys(() => []),
}
