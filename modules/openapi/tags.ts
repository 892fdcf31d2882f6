/** From a path to what it is about; the first that fits. */
const PLACES: [start: RegExp, name: string, description: string][] = [
  [/^\/api\/client\/account\b/, 'Account', 'Whoever is signed in: profile, keys, second factor, sessions.'],
  [/^\/api\/client\/servers\/:server\/files\b/, 'Files', 'The files of a server.'],
  [/^\/api\/client\/servers\/:server\/backups\b/, 'Backups', 'The backups of a server.'],
  [/^\/api\/client\/servers\/:server\/schedules\b/, 'Schedules', 'What happens on a server by itself.'],
  [/^\/api\/client\/servers\/:server\/databases\b/, 'Databases', 'The databases of a server.'],
  [/^\/api\/client\/servers\/:server\/network\b/, 'Network', 'The ports of a server.'],
  [/^\/api\/client\/servers\/:server\/users\b/, 'Subusers', 'With whom a server is shared.'],
  [/^\/api\/client\/servers\/:server\/(startup|settings|mounts)\b/, 'Startup and settings', 'How a server starts.'],
  [/^\/api\/client(\/servers\/.*|\/permissions|\/resources)?$/, 'Servers', 'Servers of the caller.'],
  [/^\/api\/client\b/, 'Panel', 'What every page of the panel needs.'],
  [/^\/api\/application\/servers\/:server\/databases\b/, 'Administration: databases', 'Databases and their hosts.'],
  [/^\/api\/application\/database-hosts\b/, 'Administration: databases', 'Databases and their hosts.'],
  [/^\/api\/application\/servers\b/, 'Administration: servers', 'Servers of everybody.'],
  [/^\/api\/application\/users\b/, 'Administration: users', 'Users of the panel.'],
  [/^\/api\/application\/nodes\/:node\/allocations\b/, 'Administration: allocations', 'Addresses and ports of nodes.'],
  [/^\/api\/application\/nodes\b/, 'Administration: nodes', 'The machines on which servers run.'],
  [/^\/api\/application\/locations\b/, 'Administration: locations', 'Where nodes are.'],
  [/^\/api\/application\/(nests|eggs|egg-sources)\b/, 'Administration: eggs', 'Nests and eggs: what a server can be.'],
  [/^\/api\/application\/mounts\b/, 'Administration: mounts', 'Folders of nodes that servers may share.'],
  [/^\/api\/application\/backup-hosts\b/, 'Administration: backup hosts', 'Where archives are kept.'],
  [
    /^\/api\/application\/(roles|api-keys|audit)\b/,
    'Administration: rights',
    'Roles, keys, and what was done with them.',
  ],
  [/^\/api\/application\b/, 'Administration: panel', 'The panel itself.'],
  [/^\/api\/remote\b/, 'Wings', 'What the daemons of nodes ask and report.'],
  [/^\/(auth|sanctum)\b/, 'Sign-in', 'How browsers and mobile apps sign in.'],
  [/^/, 'Panel', 'What every page of the panel needs.'],
]

export const tagOf = (path: string): string => PLACES.find(([start]) => start.test(path))?.[1] ?? ''

export const TAGS = [...new Map(PLACES.map(([, name, description]) => [name, { name, description }])).values()]
