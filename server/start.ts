import { setImmediate as turn } from 'node:timers/promises'
import type { Config, ModelId } from '../config/config.ts'
import type { Problem } from '../config/problem.ts'
import type { Recording } from '../config/recording.ts'
import { settingsOf } from '../machines/policy/settings.ts'
import { ProcessHost } from '../process/host.ts'
import { logAccess } from './access-log.ts'
import { listen, networkNotice, urlOf } from './address.ts'
import { createApp } from './app.ts'
import { Desk } from './desk.ts'
import { Turns } from './destination/destination.ts'
import { Breakers } from './destination/failover.ts'
import { PeerLoad } from './destination/peer-load.ts'
import { Feed } from './events/feed.ts'
import { createListener } from './http/listener.ts'
import { Streams } from './http/streams.ts'
import { Inflight } from './inflight/inflight.ts'
import { Inspector } from './inspect/inspector.ts'
import { warnOfGuesses } from './logs/guesses.ts'
import { Logs } from './logs/logs.ts'
import { narrator } from './logs/narrator.ts'
import { Preloader } from './preload.ts'
import { Profiles } from './profiles.ts'
import { Loads } from './progress/loads.ts'
import { Watchdog } from './progress/watchdog.ts'
import { Upstreams } from './proxy/upstream.ts'
import { type Diagnosis, describeUnstopped } from './refusal.ts'
import type { Difference } from './reload/difference.ts'
import { InForce } from './reload/in-force.ts'
import { originOf } from './reload/origin.ts'
import { Reloader } from './reload/reloader.ts'
import { fixedSource, type Source } from './reload/source.ts'
import type { Server } from './server.ts'
import { startSystem } from './system.ts'
import type { Tls } from './tls.ts'
import { dumpTrace } from './trace/dump.ts'
import { FlightRecorder } from './trace/flight.ts'
import { Recorder } from './trace/recorder.ts'
import { readVersionNumber } from './version.ts'

export interface Options {
  readonly hostname: string | undefined
  readonly port: number
  /** Serves HTTPS when it is given. */
  readonly tls?: Tls | undefined
  /** Gets what the configuration lets through to standard output. */
  readonly stdout: (chunk: Buffer) => void
  /** Hears of a failure inside the actor system, after which nothing can be decided: every child has been killed. */
  readonly onFatal: (error: unknown) => void
  /** Where the configuration is read again. Default: it never changes. */
  readonly source?: Source
  /** What was doubtful in it. */
  readonly warnings?: readonly Problem[]
  /** The head of a request must have come within this time: a minute is long for a client and short for who wants to hold sockets. */
  readonly headersTimeoutMs?: number
  /** Where to record the trace. Default: as the configuration says. */
  readonly record?: Recording
  /** Whether pages may watch the actors. Default: no. */
  readonly inspect?: boolean
}

/** A server that runs. */
export interface Running {
  readonly server: Server
  /** Where it listens. */
  readonly url: string
  /** Stops admitting, lets responses finish, ends every process (scheduling §8). Says which could not be ended. */
  stop(budgetMs: number): Promise<readonly string[]>
  /** Ends every process at once, whatever it is doing. */
  kill(): void
}

/** Milliseconds since the epoch on a clock that never jumps. */
function now(): number {
  return Math.round(performance.timeOrigin + performance.now())
}

/**
 * Puts everything together and listens.
 * @throws Error when it cannot listen there
 */
export async function start(config: Config, options: Options): Promise<Running> {
  const {
    hostname,
    port,
    tls,
    stdout,
    onFatal,
    warnings = [],
    record = config.record,
    inspect = false,
    headersTimeoutMs = 60_000,
  } = options
  const source = options.source ?? fixedSource('the configuration', { config, warnings })
  const inForce = new InForce(config)
  const modelOf = (id: ModelId) => inForce.modelOf(id)
  const logs = new Logs(config, stdout)
  const flight = new FlightRecorder({ settings: settingsOf(config, originOf), version: readVersionNumber(), now })
  const onTrouble = (message: string) => logs.warn(message)
  const recorder = record && (await Recorder.start(flight, record, { onTrouble }))
  const host = new ProcessHost({
    now,
    output: (model, chunk) => logs.output(model, chunk),
    unstopped: (model, exit) => logs.warnOf(model.id, describeUnstopped(model, exit)),
    unready: (model, answer) => logs.debug(`${model} is not ready: its check endpoint says ${answer}`),
  })
  const upstreams = new Upstreams()
  const onFault = (fault: unknown) => logs.error(`an observer of the actor system failed: ${String(fault)}`)
  const system = startSystem(settingsOf(config, originOf), modelOf, host, {
    now,
    witness: flight,
    onFatal(error) {
      host.killAll()
      dumpTrace({ flight, logs }, 'an actor failed')
      desk.fail(new Error('the scheduler has failed', { cause: error }))
      onFatal(error)
    },
    onFault,
  })
  flight.watch(system)
  system.attend(narrator(logs, () => inForce.config.models))
  system.attend(warnOfGuesses(logs, () => system.ledger()))
  const loads = new Loads()
  system.attend(loads)
  const desk = new Desk(system, now, modelOf)
  const diagnosis: Diagnosis = {
    get models() {
      return inForce.config.models
    },
    tail: (model) => host.tail(model),
  }
  const preloader = new Preloader({ desk, logs, diagnosis })
  const reloader = new Reloader({ source, logs, warnings, now, current: () => inForce.config, apply })

  /** Nothing here can fail, and nobody looks before all of it is done. */
  function apply(other: Config, { added, changed }: Difference): void {
    // Who came before it is granted what was configured then.
    desk.tell()
    inForce.replace(other)
    const { config } = inForce
    logs.follow(config)
    desk.reload(settingsOf(config, originOf))
    upstreams.keep(new Set([...config.models.values(), ...config.peers.values()]))
    preloader.preload(config.preload.filter((model) => added.includes(model) || changed.includes(model)))
    profiles.reloaded()
    server.feed.reloaded()
  }

  const profiles = new Profiles(() => inForce.config)
  const inflight = new Inflight()
  const streams = new Streams()

  const server: Server = {
    get config() {
      return inForce.config
    },
    get names() {
      return inForce.names
    },
    desk,
    system,
    flight,
    upstreams,
    logs,
    diagnosis,
    reloader,
    profiles,
    inflight,
    streams,
    feed: new Feed({ logs, profiles, inflight, streams, system }, () => server),
    loads,
    turns: new Turns(),
    breakers: new Breakers(),
    peerLoad: new PeerLoad(),
    watchdog: new Watchdog(system, logs, now, () => dumpTrace({ flight, logs }, 'something has stalled')),
    inspector: inspect ? new Inspector(system.root, { now, onFault }) : null,
    now,
    hasEnded: (life, withinMs) => host.hasEnded(life, withinMs),
  }

  const listener = createListener(createApp(server), { headersTimeoutMs, tls })
  logAccess(listener.server, logs, () => server.config.trustedProxies)
  const address = await listen(listener.server, port, hostname)
  const notice = networkNotice(address)
  if (notice) logs.info(notice)
  preloader.preload(config.preload)

  return {
    server,
    url: urlOf(address, tls ? 'https' : 'http'),
    async stop(budgetMs) {
      reloader.close()
      preloader.close()
      streams.end()
      server.inspector?.close()
      listener.retire()
      const [stuck] = await Promise.all([desk.shutDown(budgetMs), server.peerLoad.close(budgetMs)])
      flight.close()
      await Promise.all([recorder?.close(), turn()])
      listener.cut()
      upstreams.close()
      await host.close()
      server.watchdog.close()
      system.stop()
      return stuck
    },
    kill: () => host.killAll(),
  }
}
