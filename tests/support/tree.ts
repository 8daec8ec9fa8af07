import { List, Mapping, Scalar, type Tree } from '../../config/tree.ts'
import { readYaml } from '../../config/yaml.ts'

/** The mapping that a text is. */
export function treeOf(yaml: string, file = 'f.yaml'): Mapping {
  const { tree, problems } = readYaml(yaml, file)
  if (problems.length > 0 || !(tree instanceof Mapping)) throw new Error(`no mapping: ${JSON.stringify(problems)}`)
  return tree
}

/** A tree as JSON has it: plain words as they are spelled, others in quotes. Keys keep their order. */
export function plain(tree: Tree): unknown {
  if (tree instanceof Scalar) return tree.isPlain ? tree.text : `"${tree.text}"`
  if (tree instanceof List) return tree.items.map(plain)
  return Object.fromEntries([...tree.entries].map(([key, value]) => [key, plain(value)]))
}
