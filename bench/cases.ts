import { readdirSync, readFileSync } from 'node:fs'
import type { Case } from './measure.ts'
import { batchOf } from './minute.ts'
import { PASSWORD, USERS, type Seeded } from './seed.ts'

interface Asked {
  url: string
  seeded: Seeded
  /** Of the twenty servers of a person's list. */
  identifiers: string[]
}

/** What is measured, in its order. */
export function casesOf({ url, seeded, identifiers }: Asked): Case[] {
  const asPerson = { cookie: seeded.cookie }
  const asKey = { authorization: `Bearer ${seeded.accountKey}` }
  const asNode = { authorization: `Bearer ${seeded.node.bearer}` }
  const nextServer = rotation(seeded.servers)
  const people = Array.from({ length: USERS }, (_, index) => String(index + 1))

  return [
    { name: 'health', path: '/api/health' },
    { name: 'shell', path: '/' },
    { name: 'static file', path: staticFile() },
    {
      name: 'boot list, 50 a page',
      path: rotation(Array.from({ length: 10 }, (_, index) => `/api/remote/servers?page=${index + 1}&per_page=50`)),
      headers: asNode,
      connections: 10,
    },
    {
      name: 'boot list, 100 a page',
      path: rotation(Array.from({ length: 5 }, (_, index) => `/api/remote/servers?page=${index + 1}&per_page=100`)),
      headers: asNode,
      connections: 10,
    },
    {
      name: 'one server for the daemon',
      path: () => `/api/remote/servers/${nextServer()}`,
      headers: asNode,
      connections: 10,
      amount: 500,
    },
    {
      name: 'activity batch of 50',
      path: '/api/remote/activity',
      method: 'POST',
      headers: { ...asNode, 'content-type': 'application/json' },
      body: () => batchOf(nextServer, 50),
      connections: 10,
    },
    {
      name: 'activity batch of 50, sent before',
      path: '/api/remote/activity',
      method: 'POST',
      headers: { ...asNode, 'content-type': 'application/json' },
      body: batchOf(nextServer, 50),
      connections: 10,
    },
    { name: 'client list of 20 servers', path: '/api/client', headers: asPerson },
    { name: 'client list of 20 servers, by key', path: '/api/client', headers: asKey },
    { name: 'server detail', path: `/api/client/servers/${seeded.identifier}`, headers: asPerson },
    ...['startup', 'network/allocations', 'schedules', 'databases'].map((part) => ({
      name: `${part} of a server`,
      path: `/api/client/servers/${seeded.identifier}/${part}`,
      headers: asPerson,
      connections: 10,
    })),
    {
      name: 'all 2,000 servers as an administrator sees them, 100 a page',
      path: '/api/client?type=admin-all&per_page=100',
      headers: { authorization: `Bearer ${seeded.rootKey}` },
    },
    {
      name: 'all 2,000 servers in one page, with owner, node, address',
      path: '/api/application/servers?per_page=2000&include=allocations,user,node',
      headers: { authorization: `Bearer ${seeded.applicationKey}` },
    },
    { name: 'server detail, by key', path: `/api/client/servers/${seeded.identifier}`, headers: asKey },
    {
      name: 'live values of 20 servers, one node hung',
      path: '/api/client/resources?servers=' + identifiers.join(','),
      headers: asPerson,
    },
    { name: 'client list, one node hung', path: '/api/client', headers: asPerson },
    { name: 'server detail, one node hung', path: `/api/client/servers/${seeded.identifier}`, headers: asPerson },
    ...(
      [
        ['application list of 50 servers', '/api/application/servers'],
        [
          'application list of 50 servers, owner, node, address',
          '/api/application/servers?include=user,node,allocations',
        ],
        ['application list of 50 users', '/api/application/users?per_page=50'],
        ['audit, newest 50', '/api/application/audit?per_page=50'],
        ['audit, 50 administrative acts', '/api/application/audit?per_page=50&filter[scope]=administration'],
        ['audit of a person', rotation(people.map((id) => `/api/application/audit?per_page=50&filter[person]=${id}`))],
        ['audit of an action', '/api/application/audit?per_page=50&filter[action]=admin:user.update'],
        [
          'audit of an object',
          rotation(people.map((id) => `/api/application/audit?per_page=50&filter[object]=user:${id}`)),
        ],
        ['audit, free text of thirty days', '/api/application/audit?per_page=50&filter[*]=nowhere'],
      ] as [string, string | (() => string)][]
    ).map(([name, path]) => ({
      name,
      path,
      headers: { authorization: `Bearer ${seeded.applicationKey}` },
      connections: 10,
    })),
    {
      name: 'sign-in',
      path: '/auth/login',
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ user: seeded.username, password: PASSWORD }),
      connections: 2,
    },
  ]
}

function rotation(all: readonly string[]): () => string {
  let at = 0
  return () => all[at++ % all.length] ?? ''
}

function staticFile(): string {
  const [largest] = readdirSync('.output/public/_nuxt')
    .filter((name) => name.endsWith('.js'))
    .sort((a, b) => readFileSync(`.output/public/_nuxt/${b}`).length - readFileSync(`.output/public/_nuxt/${a}`).length)
  return `/_nuxt/${largest}`
}
