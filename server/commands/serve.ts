import { flushCompileCache } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { parseConfig } from '../../config/load.ts'
import { formatProblems } from '../../config/problem.ts'
import { readAddress } from '../cli.ts'
import { demoConfig } from '../demo/config.ts'
import type { Flags } from '../flags.ts'
import { Printer } from '../logs/printer.ts'
import { filesSource, fixedSource, type Source } from '../reload/source.ts'
import { watch } from '../reload/watch.ts'
import { type Running, start } from '../start.ts'
import { readTls } from '../tls.ts'
import { dumpTrace } from '../trace/dump.ts'
import { recordingTo } from '../trace/recording.ts'
import { sourcesOf } from './sources.ts'

/** The demo is for whoever sits at this machine; a configuration is served to all, as llama-swap does. */
const demoHost = '127.0.0.1'
const defaultPort = 8080
const defaultTlsPort = 8443

/** All that a shutdown may take (scheduling §8); five seconds later the process ends in any case (config §1.2). */
const shutdownMs = 30_000
const hardStopMs = 35_000

/** Serves until a signal. */
export async function serve(flags: Flags): Promise<void> {
  const tls = readTls(flags.tlsCertFile, flags.tlsKeyFile)
  const sources = sourcesOf(flags)
  const source = sources ? filesSource(sources, { isStrict: flags.strictConfig }) : demo()
  // Taken before it is read: what is written in between is noticed.
  const digest = await source.digest()
  const { config, warnings } = source.load()
  if (warnings.length > 0) console.error(formatProblems(warnings))

  const address = `${sources ? '' : demoHost}:${tls ? defaultTlsPort : defaultPort}`
  const { hostname, port } = readAddress(flags.listen ?? address)
  const printer = new Printer((text) => process.stdout.write(text))
  process.on('exit', () => printer.flush())
  const running = await start(config, {
    hostname,
    port,
    tls,
    source,
    warnings,
    stdout: (chunk) => printer.print(chunk),
    inspect: flags.inspect,
    ...(flags.record !== undefined && { record: recordingTo(flags.record) }),
    onFatal: (error) => {
      console.error('hotseat: an actor failed, and every model has been stopped:', error)
      // Within this turn, everybody who waits is told.
      setImmediate(() => process.exit(1))
    },
  })
  const { reloader } = running.server
  process.on('SIGHUP', () => reloader.reload())
  if (flags.watchConfig) watch(source, digest, () => reloader.reload())
  stopOnSignals(running)
  // Windows has no such signal, and Node refuses to listen for it there.
  if (process.platform !== 'win32') process.on('SIGUSR2', () => dumpTrace(running.server, 'asked by SIGUSR2'))
  greet(running, source)
  keepArraysYoung()
  if (flags.inspect) console.log(`Watch the state machines at ${running.url}/inspect`)
}

function demo(): Source {
  return fixedSource('the built-in demo', parseConfig(demoConfig, 'demo'))
}

function greet({ server, url }: Running, { name }: Source): void {
  const models = [...server.config.models.keys()]
  console.log(`hotseat serves ${name} at ${url}: ${models.join(', ') || 'no models'}`)
  const [first] = models
  if (first === undefined) return
  const body = JSON.stringify({ model: first, messages: [{ role: 'user', content: 'Hello!' }] })
  console.log(`Try:  curl ${url}/v1/chat/completions -H 'Content-Type: application/json' -d '${body}'`)
}

/**
 * V8 comes to believe that some arrays of XState's live long, as many were alive at once when it looked, and makes them where
 * the old objects are. There each holds all that it refers to until the next full collection: in every second run that made
 * the pauses of the garbage collector four times as long, and requests a tenth dearer. After the start, since code that was
 * compiled under other flags is no use to it; and what was compiled until now is kept as it was.
 */
function keepArraysYoung(): void {
  flushCompileCache()
  setFlagsFromString('--no-allocation-site-pretenuring')
}

/** The first signal lets responses finish, the second ends everything at once. No way out leaves a child behind. */
function stopOnSignals(running: Running): void {
  let stopping = false
  const stop = async () => {
    if (stopping) {
      running.kill()
      process.exit(1)
    }
    stopping = true
    setTimeout(() => process.exit(1), hardStopMs).unref()
    const stuck = await running.stop(shutdownMs)
    if (stuck.length > 0) console.error(`hotseat: these models did not end even after SIGKILL: ${stuck.join(', ')}`)
    process.exit(stuck.length > 0 ? 1 : 0)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.on('exit', () => running.kill())
}
