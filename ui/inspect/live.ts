import type { Frame } from '../../machines/inspect/frames.ts'

export interface Listener {
  /** Everything is told anew, beginning with who is there: so many actors. */
  begin(): void
  frame(frame: Frame): void
  /** So many events of requests were left out. */
  skipped(events: number): void
  status(status: Status): void
}

export type Status = 'connecting' | 'live' | 'lost'

/** Listens to the server until it is closed. Returns the function that does. */
export function listen(listener: Listener, url = '/inspect/events'): () => void {
  const source = new EventSource(url)
  listener.status('connecting')
  source.addEventListener('open', () => listener.status('live'))
  // The browser tries again by itself, unless the server has said no.
  source.addEventListener('error', () => listener.status(source.readyState === 2 ? 'lost' : 'connecting'))
  source.addEventListener('begin', () => listener.begin())
  source.addEventListener('skipped', ({ data }) => listener.skipped(Number(data)))
  source.addEventListener('message', ({ data }) => listener.frame(JSON.parse(data) as Frame))
  return () => source.close()
}
