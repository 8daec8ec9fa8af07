import http from 'node:http'
import https from 'node:https'
import type { Model } from '../config/config.ts'

/** From one probe to the next: short at first, because many loads are; longer for long ones (design §4). */
const firstIntervalMs = 10
const growth = 1.5
const lastIntervalMs = 250
/** A server may accept and stay silent while it loads; then it is asked again. */
const probeMs = 1_000

/**
 * Probes until the check endpoint answers 200, at once and then with a growing interval; whatever the child prints brings
 * the next probe forward. The deadline is the caller's, by way of the signal.
 * @param onOutput takes the function that is to be called when the child prints.
 * @param onRefusal hears what came instead of a 200, a status or the code of an error, each time that it is another.
 * @returns false when the signal came first.
 */
export async function awaitAnswer(
  model: Model,
  signal: AbortSignal,
  onOutput: (wake: () => void) => void,
  onRefusal: (what: string) => void,
): Promise<boolean> {
  if (model.checkEndpoint === null) return true
  const url = new URL(model.proxy)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${model.checkEndpoint.replace(/^\/+/, '')}`

  let intervalMs = firstIntervalMs
  let refused = ''
  while (!signal.aborted) {
    const begun = performance.now()
    const answer = await probe(url, signal)
    if (signal.aborted || answer === '200') return !signal.aborted
    if (answer !== refused) onRefusal(answer)
    refused = answer
    await pause(intervalMs, begun + firstIntervalMs, signal, onOutput)
    intervalMs = Math.min(intervalMs * growth, lastIntervalMs)
  }
  return false
}

/** The status that came, or the code of the error. */
function probe(url: URL, signal: AbortSignal): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const { get } = url.protocol === 'https:' ? https : http
  const request = get(
    url,
    { agent: false, signal: AbortSignal.any([signal, AbortSignal.timeout(probeMs)]) },
    (response) => {
      response.resume()
      resolve(String(response.statusCode))
    },
  )
  request.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  return promise.finally(() => request.destroy())
}

/** Waits for the interval, or for output, which counts no earlier than `notBefore`: a chatty child is not probed in a frenzy. */
function pause(
  ms: number,
  notBefore: number,
  signal: AbortSignal,
  onOutput: (wake: () => void) => void,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let timer = setTimeout(resolve, ms)
  signal.addEventListener('abort', () => resolve(), { once: true })
  onOutput(() => {
    onOutput(() => {})
    clearTimeout(timer)
    timer = setTimeout(resolve, Math.max(0, notBefore - performance.now()))
  })
  return promise.finally(() => clearTimeout(timer))
}
