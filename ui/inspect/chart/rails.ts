import { assignLanes } from './lanes.ts'

/** An arrow of a chart: from what is written at a transition to the state that it leads to. */
export interface Arrow {
  readonly from: HTMLElement
  readonly to: HTMLElement
  /** The box that holds both ends: the arrow runs along its right side. */
  readonly within: HTMLElement
}

const laneWidth = 9
const radius = 5
/** From the side of a box to its outermost lane. */
const marginPx = 7
/** From the top of a box to the heads that point at it: beside its name, where no arrow of its own begins. */
const headPx = 14
const namespace = 'http://www.w3.org/2000/svg'

/** The arrows of a chart: all within one box that lead to the same state join in one line, as on the map of an underground. */
export class Rails {
  readonly svg = document.createElementNS(namespace, 'svg')
  readonly #board: HTMLElement
  readonly #arrows: ReadonlyMap<HTMLElement, readonly Arrow[]>
  readonly #paths: ReadonlyMap<HTMLElement, SVGPathElement>

  constructor(board: HTMLElement, arrows: readonly Arrow[]) {
    this.#board = board
    this.#arrows = Map.groupBy(arrows, ({ within }) => within)
    this.#paths = new Map(arrows.map(({ from }) => [from, document.createElementNS(namespace, 'path')]))
    this.svg.classList.add('rails')
    this.svg.setAttribute('aria-hidden', 'true')
    this.svg.append(...this.#paths.values())
    new ResizeObserver(() => this.draw()).observe(board)
  }

  pathOf(from: HTMLElement): SVGPathElement | undefined {
    return this.#paths.get(from)
  }

  draw(): void {
    const origin = this.#board.getBoundingClientRect()
    if (origin.width === 0) return
    for (const [box, arrows] of this.#arrows) this.#drawWithin(box, arrows, origin)
  }

  #drawWithin(box: HTMLElement, arrows: readonly Arrow[], origin: DOMRect): void {
    const ends = arrows.map(({ from, to }) => {
      const start = from.getBoundingClientRect()
      const end = to.getBoundingClientRect()
      return {
        from,
        to,
        start: { x: start.right - origin.left + 4, y: Math.round(start.top + start.height / 2 - origin.top) },
        end: { x: end.right - origin.left, y: Math.round(end.top - origin.top + headPx) },
      }
    })
    const targets = [...new Set(ends.map(({ to }) => to))]
    const spans = targets.map((target) => {
      const ys = ends.filter(({ to }) => to === target).flatMap(({ start, end }) => [start.y, end.y])
      return { from: Math.min(...ys), to: Math.max(...ys) }
    })
    const lanes = assignLanes(spans)
    const outermost = Math.max(...lanes)
    box.style.paddingRight = `${(outermost + 1) * laneWidth + marginPx + radius}px`
    const outside = box.getBoundingClientRect().right - origin.left - marginPx
    for (const { from, to, start, end } of ends) {
      const x = outside - (outermost - (lanes[targets.indexOf(to)] ?? 0)) * laneWidth
      this.#paths.get(from)?.setAttribute('d', shapeOf(start, end, x))
    }
  }
}

interface Point {
  readonly x: number
  readonly y: number
}

/** Right to the lane, along it, and back to the left, ending in a head. */
function shapeOf(start: Point, end: Point, x: number): string {
  const way = Math.sign(end.y - start.y) || 1
  const bend = Math.min(radius, Math.abs(end.y - start.y) / 2)
  const line = `M${start.x} ${start.y}H${x - bend}q${bend} 0 ${bend} ${way * bend}V${end.y - way * bend}`
  const back = `q0 ${way * bend} ${-bend} ${way * bend}H${end.x + 2}`
  return `${line}${back}m4 -3.5l-4 3.5l4 3.5`
}
