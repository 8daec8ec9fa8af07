import type { Server as HttpServer } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import type { Config } from '../config/config.ts'
import { ProcessHost } from '../process/host.ts'
import { logAccess } from './access-log.ts'
import { createApp } from './app.ts'
import { Desk } from './desk.ts'
import { Logs } from './logs/logs.ts'
import { narrator } from './logs/narrator.ts'
import { Names } from './names.ts'
import { Upstreams } from './proxy/upstream.ts'
import type { Server } from './server.ts'
import { startSystem } from './system.ts'

export interface Options {
  readonly hostname: string | undefined
  readonly port: number
  /** Gets what the configuration lets through to standard output. */
  readonly stdout: (chunk: Buffer) => void
  /** Hears of a failure inside the actor system, after which nothing can be decided: every child has been killed. */
  readonly onFatal: (error: unknown) => void
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
 * @throws the listener's error, such as EADDRINUSE
 */
export async function start(config: Config, { hostname, port, stdout, onFatal }: Options): Promise<Running> {
  const logs = new Logs(config, stdout)
  const host = new ProcessHost({ now, output: (model, chunk) => logs.output(model, chunk) })
  const upstreams = new Upstreams()
  const system = startSystem(config, host, {
    onFatal(error) {
      host.killAll()
      desk.fail(new Error('the scheduler has failed', { cause: error }))
      onFatal(error)
    },
    onFault: (fault) => logs.error(`an observer of the actor system failed: ${String(fault)}`),
  })
  system.observe(narrator(logs, () => config.models))
  const desk = new Desk(system.router, now)
  const server: Server = {
    config,
    names: new Names(config),
    desk,
    system,
    upstreams,
    logs,
    diagnosis: { models: config.models, tail: (model) => host.tail(model) },
    hasEnded: (life, withinMs) => host.hasEnded(life, withinMs),
    startedAt: Math.floor(now() / 1000),
  }

  // A model may think for an hour: no clock of the HTTP library may end a request, and idle clients may stay.
  const http = createAdaptorServer({
    fetch: createApp(server).fetch,
    serverOptions: { requestTimeout: 0, headersTimeout: 60_000, keepAliveTimeout: 120_000, noDelay: true },
  }) as HttpServer
  logAccess(http, logs)
  await listen(http, port, hostname)

  return {
    server,
    url: urlOf(http),
    async stop(budgetMs) {
      http.close()
      http.closeIdleConnections()
      const stuck = await desk.shutDown(budgetMs)
      http.closeAllConnections()
      await Promise.all([upstreams.close(), host.close()])
      system.router.stop()
      return stuck
    },
    kill: () => host.killAll(),
  }
}

function listen(http: HttpServer, port: number, hostname: string | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  http.once('error', reject)
  http.listen(port, hostname, () => {
    http.off('error', reject)
    resolve()
  })
  return promise
}

function urlOf(http: HttpServer): string {
  const address = http.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a TCP port')
  const isAny = address.address === '::' || address.address === '0.0.0.0'
  const host = isAny ? '127.0.0.1' : address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}
