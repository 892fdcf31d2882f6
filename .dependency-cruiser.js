const forbid = (name, from, to, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: to },
})

/** What may import what. Type-only imports count. */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    forbid(
      'app-is-a-client',
      '^app/',
      '^(server|simulator)/|node_modules/(drizzle-orm|pg|better-auth|@better-auth)/',
      'The app knows the API through shared/contracts.',
    ),
    forbid(
      'shared-stands-alone',
      '^shared/',
      '^(app|server)/|node_modules/(?!(zod|croner)/)',
      'Both bundles load shared/: zod, croner and itself, nothing else.',
    ),
    forbid(
      'routes-only-wire',
      '^server/(api|routes)/',
      '^server/(database|wings|object-store|database-engines|jobs|mail|events)/|node_modules/drizzle-orm/',
      'A route names guard, service and serializer.',
    ),
    forbid(
      'routes-stand-alone',
      '^server/(api|routes)/',
      '^server/(api|routes)/',
      'What two routes share is a service.',
    ),
    forbid(
      'services-know-no-http',
      '^server/(services|policies|wings|object-store|database-engines|jobs|mail|events)/',
      '^server/(http|api|routes|serializers|relay)/|node_modules/h3/',
      'Work is callable from a job and from the command line.',
    ),
    forbid(
      'services-take-an-actor',
      '^server/services/(?!(account|users)/)',
      '^server/auth/(?!actor)',
      'A service is told who acts.',
    ),
    forbid(
      'policies-are-pure',
      '^server/policies/',
      '^server/(?!policies/|auth/actor)|node_modules/',
      'A policy decides on what it is given; it loads nothing.',
    ),
    forbid(
      'serializers-translate',
      '^server/serializers/',
      '^server/(database/client|http|api|routes|wings|jobs|mail|events)|node_modules/h3/',
      'A serializer turns rows into the words of the wire; it loads nothing.',
    ),
    forbid(
      'database-is-the-floor',
      '^server/database/',
      '^server/(?!database/|env)',
      'Tables know nothing of the code that uses them.',
    ),
    forbid(
      'one-door-to-wings',
      '^(?!server/(services|wings|relay)/|tests/)',
      '^server/wings/',
      'Only services and the relay talk to nodes.',
    ),
    forbid(
      'one-door-to-object-stores',
      '^(?!server/(services|object-store)/|tests/)',
      '^server/object-store/',
      'Only services talk to object stores.',
    ),
    forbid(
      'one-door-to-database-hosts',
      '^(?!server/(services|database-engines)/|tests/)',
      '^server/database-engines/',
      'Only services talk to database hosts.',
    ),
    forbid(
      'commands-call-services',
      '^bin/',
      '^server/(?!services/|env|auth/actor|database/(embedded|migrate))',
      'A command calls one service.',
    ),
    forbid(
      'no-simulator-inside',
      '^(app|server|shared|bin)/',
      '^(simulator|tests|bench)/',
      'The simulated node is a tool, never part of the product.',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.nuxt|\\.output)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: '.nuxt/tsconfig.server.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.vue', '.mjs', '.js'] },
  },
}
