import { Document, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml'
import type { ScalarTree, Tree } from '#shared/utils/tree'

/** YAML with the keys in their order; texts of several lines stand as blocks, so line ends become LF. */
export function printYaml(tree: Tree): string {
  const document = new Document()
  document.contents = nodeOf(tree) as never
  return document.toString({ lineWidth: 0, singleQuote: true, blockQuote: 'literal', nullStr: 'null' })
}

function nodeOf(tree: Tree): YAMLMap | YAMLSeq | Scalar {
  if (tree.kind === 'scalar') return scalarNode(tree)
  if (tree.kind === 'list') {
    const list = new YAMLSeq()
    list.items = tree.items.map(nodeOf)
    return list
  }
  const map = new YAMLMap()
  map.items = tree.entries.map(({ key, value }) => new Pair(new Scalar(key), nodeOf(value)))
  return map
}

function scalarNode({ value, written }: ScalarTree): Scalar {
  const node = new Scalar(typeof value === 'string' ? value.replaceAll('\r\n', '\n') : value)
  const [, digits] = /\.(\d+)$/.exec(written ?? '') ?? []
  if (digits) node.minFractionDigits = digits.length
  return node
}
