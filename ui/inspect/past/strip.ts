import type { Lane, State } from './lane.ts'

/** As high as a lane of the strip is at most. */
const laneHeightPx = 7
const mostHeightPx = 56

const colours: Readonly<Record<State, string>> = {
  stopped: '--line',
  starting: '--amber',
  ready: '--green',
  stopping: '--blue',
  stuck: '--red',
}

/** Draws what the processes did over all lines of a history, one lane for each model, above its slider. */
export function drawStrip(canvas: HTMLCanvasElement, lanes: readonly Lane[], end: number): void {
  const height = Math.min(lanes.length * laneHeightPx, mostHeightPx)
  canvas.style.height = `${height}px`
  const scale = devicePixelRatio
  canvas.width = canvas.clientWidth * scale
  canvas.height = height * scale
  const context = canvas.getContext('2d')
  if (!context) return
  const colourOf = paletteOf(canvas)
  const laneHeight = canvas.height / Math.max(1, lanes.length)
  const x = (line: number) => ((line - 1) / Math.max(1, end - 1)) * canvas.width
  lanes.forEach(({ spans }, index) => {
    spans.forEach(({ from, state }, at) => {
      const to = spans[at + 1]?.from ?? end
      const thickness = laneHeight * (state === 'stopped' ? 0.15 : 0.7)
      context.fillStyle = colourOf(state)
      context.fillRect(x(from), (index + 0.5) * laneHeight - thickness / 2, Math.max(scale, x(to) - x(from)), thickness)
    })
  })
}

/** The colours of the page, as it is light or dark: a canvas does not know its variables. */
function paletteOf(canvas: HTMLCanvasElement): (state: State) => string {
  const computed = Object.entries(colours).map(([state, name]) => {
    canvas.style.color = `var(${name})`
    return [state, getComputedStyle(canvas).color] as const
  })
  canvas.style.color = ''
  const palette = new Map(computed)
  return (state) => palette.get(state) ?? ''
}
