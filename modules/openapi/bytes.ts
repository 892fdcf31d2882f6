/** What answers with bytes: of which type, or of which types on request. */
export const ANSWERED: Record<string, string | string[]> = {
  'GET /api/client/events': 'text/event-stream',
  'GET /api/client/images/:image': 'image/*',
  'GET /api/client/servers/:server/files/contents': 'text/plain',
  'GET /api/client/servers/:server/activity/export': 'text/csv',
  'GET /api/application/eggs/:egg/export': ['application/yaml', 'application/json'],
  'GET /api/application/audit/export': 'text/csv',
}

/** What is sent as bytes, whatever its label says. */
export const SENT: Record<string, string> = {
  'POST /api/client/servers/:server/files/write': 'text/plain',
  'PUT /api/client/account/avatar': 'image/*',
  'PUT /api/application/settings/images/:brand': 'image/*',
  'POST /api/application/eggs/import': 'application/octet-stream',
  'POST /api/application/eggs/import/preview': 'application/octet-stream',
}

/** What leads on to a page instead of answering. */
export const LEADING_ON = ['GET /auth/callback/:provider']
