/** A graph of numbered nodes and edges: those of a node follow one another. */
export interface Edges {
  readonly nodes: number
  firstEdge(node: number): number
  endOfEdges(node: number): number
  /** Where the edge leads to; undefined when it is to be left out. */
  target(edge: number): number | undefined
}

/**
 * The strongly connected parts that can be reached from these nodes; those that a part leads to come before it. Tarjan's
 * algorithm, without recursion.
 */
export function* partsOf(graph: Edges, roots: Iterable<number>): Generator<readonly number[]> {
  const order = new Uint32Array(graph.nodes)
  const low = new Uint32Array(graph.nodes)
  const nextEdge = new Uint32Array(graph.nodes)
  const isOpen = new Uint8Array(graph.nodes)
  const open: number[] = []
  const path: number[] = []
  let last = 0

  const enter = (node: number) => {
    order[node] = low[node] = ++last
    nextEdge[node] = graph.firstEdge(node)
    isOpen[node] = 1
    open.push(node)
    path.push(node)
  }

  for (const root of roots) {
    if (order[root]) continue
    enter(root)
    while (path.length > 0) {
      const node = path.at(-1)!
      const edge = nextEdge[node]!
      if (edge < graph.endOfEdges(node)) {
        nextEdge[node] = edge + 1
        const target = graph.target(edge)
        if (target === undefined) continue
        if (!order[target]) enter(target)
        else if (isOpen[target]) low[node] = Math.min(low[node]!, order[target])
        continue
      }
      path.pop()
      const above = path.at(-1)
      if (above !== undefined) low[above] = Math.min(low[above]!, low[node]!)
      if (low[node] !== order[node]) continue
      const part = open.splice(open.lastIndexOf(node))
      for (const member of part) isOpen[member] = 0
      yield part
    }
  }
}
