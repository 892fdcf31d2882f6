import { checkFields } from '../check-fields.ts'
import { definePanelCommand } from '../panel-command.ts'

export default definePanelCommand({
  name: 'create-location',
  description: 'Create a location, which nodes belong to',
  args: {
    short: { type: 'string', required: true, description: 'Short name, such as fra' },
    long: { type: 'string', description: 'Long name, such as Frankfurt' },
  },
  async check(given) {
    const { locationBody } = await import('#shared/contracts/application/locations')
    return checkFields(locationBody, given)
  },
  async work(asked) {
    const [{ createLocation }, { SYSTEM }] = await Promise.all([
      import('#server/services/locations/save-location'),
      import('#server/auth/actor'),
    ])
    return createLocation({ actor: SYSTEM, asked })
  },
  tell: ({ id, short, long }) => ({ id: Number(id), short, long }),
  say: ({ id, short }) => `Location ${short} has the number ${id}.`,
})
