import { definePanelCommand } from '../panel-command.ts'

export default definePanelCommand({
  name: 'node-configuration',
  description: "Print the file that makes a daemon this node: Wings' config.yml, its secret included",
  args: { node: { type: 'string', required: true, description: 'Number, name or uuid of the node' } },
  check: ({ node }) => ({ node }),
  async work({ node }) {
    const [{ findNode }, { describeConfiguration }, { ownAddress }, { stringify }] = await Promise.all([
      import('../find-node.ts'),
      import('#server/services/nodes/describe-configuration'),
      import('#server/services/settings/link-to'),
      import('yaml'),
    ])
    const configuration = await describeConfiguration(await findNode(node), await ownAddress())
    return { configuration, yaml: stringify(configuration).trimEnd() }
  },
  tell: ({ configuration }) => configuration,
  say: ({ yaml }) => yaml,
})
