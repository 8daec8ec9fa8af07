import type { Config } from '../config/config.ts'
import type { Life } from '../machines/child.ts'
import type { Engine } from '../machines/engine.ts'
import type { Desk } from './desk.ts'
import type { Turns } from './destination/destination.ts'
import type { Breakers } from './destination/failover.ts'
import type { PeerLoad } from './destination/peer-load.ts'
import type { Feed } from './events/feed.ts'
import type { Streams } from './http/streams.ts'
import type { Inflight } from './inflight/inflight.ts'
import type { Inspector } from './inspect/inspector.ts'
import type { Logs } from './logs/logs.ts'
import type { Names } from './names.ts'
import type { Profiles } from './profiles.ts'
import type { Loads } from './progress/loads.ts'
import type { Watchdog } from './progress/watchdog.ts'
import type { Upstreams } from './proxy/upstream.ts'
import type { Diagnosis } from './refusal.ts'
import type { Reloader } from './reload/reloader.ts'
import type { FlightRecorder } from './trace/flight.ts'

/** What the routes work with. A reload replaces `config` and `names` while requests are under way: look at them anew each time. */
export interface Server {
  readonly config: Config
  readonly names: Names
  readonly desk: Desk
  readonly system: Engine
  readonly flight: FlightRecorder
  readonly upstreams: Upstreams
  readonly logs: Logs
  readonly diagnosis: Diagnosis
  readonly reloader: Reloader
  /** Which profile is active. */
  readonly profiles: Profiles
  /** The requests to models that are under way. */
  readonly inflight: Inflight
  /** The answers that go on until the client leaves or the server ends. */
  readonly streams: Streams
  readonly feed: Feed
  readonly loads: Loads
  readonly turns: Turns
  readonly breakers: Breakers
  readonly peerLoad: PeerLoad
  readonly watchdog: Watchdog
  /** Null unless it was asked for. */
  readonly inspector: Inspector | null
  /** Milliseconds since the epoch on the clock of the actor system. */
  now(): number
  /** Whether a process is gone within so many milliseconds. */
  hasEnded(life: Life, withinMs: number): Promise<boolean>
}
