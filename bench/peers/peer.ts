import type { Program } from '../programs/program.ts'

/** Something between a client and a model. */
export interface Peer {
  readonly name: string
  /** Why it cannot take part here; null when it can. */
  absence(): string | null
  /** Starts it in front of a model `m` that listens on the port. It listens on `port` when this resolves. */
  start(upstreamPort: number, port: number): Promise<Program>
}

/** A peer that starts and stops models by itself. */
export interface Router extends Peer {
  /** Starts it with a configuration in llama-swap's format. */
  serve(config: string, port: number): Promise<Program>
}
