import { byId, say } from './dom.ts'
import { listen } from './live.ts'

/*
 * Hands on to Stately's inspector, in the frame or in a window of its own, what the server tells: with `postMessage`, once it
 * has said that it is there. It knows no other way in, and hears only what comes afterwards.
 */

const origin = 'https://stately.ai'
const address = `${origin}/inspect`
/** As long as a page may take to load and say that it is there. */
const patienceMs = 15_000

const frame = byId<HTMLIFrameElement>('viewer')
let close = () => {}
let impatience = 0

window.addEventListener('message', ({ data, origin: from, source }) => {
  const isConnected = (data as { type?: unknown } | null)?.type === '@statelyai.connected'
  if (from === origin && isConnected && source) hand(source as Window)
})

byId('window').addEventListener('click', () => {
  close()
  window.open(address, 'stately-inspector')
  wait()
})

/** Tells the viewer everything from the beginning, and from now on what happens. */
function hand(viewer: Window): void {
  close()
  clearTimeout(impatience)
  let hasBegun = false
  close = listen({
    begin() {
      // It has no word for "forget all that".
      if (hasBegun) reload(viewer)
      hasBegun = true
    },
    frame: (frame) => viewer.postMessage(frame, origin),
    skipped() {},
    status(status) {
      show(status, status === 'live' ? 'live' : 'connecting to hotseat')
    },
  })
}

function reload(viewer: Window): void {
  close()
  if (viewer === frame.contentWindow) frame.src = address
  else viewer.location.href = address
  wait()
}

function wait(): void {
  show('connecting', 'waiting for stately.ai')
  clearTimeout(impatience)
  impatience = window.setTimeout(() => {
    show('lost', 'stately.ai does not answer: it cannot be reached, or not in a frame')
  }, patienceMs)
}

function show(status: string, text: string): void {
  byId('status').dataset.status = status
  say(byId('status'), text)
}

// Not before there is somebody to hear that it is there: it says so once.
frame.src = address
wait()
