import type { Model } from '../config/config.ts'
import { http, loadHttps } from './builtins.ts'
import { lookup } from './loopback.ts'
import { isListening } from './port.ts'

/**
 * From one look to the next: a fiftieth of the time that has passed, between these bounds. So looking never makes a load
 * noticeably longer, however long it is.
 */
const share = 1 / 50
const shortestMs = 4
const longestMs = 250
/** A server may accept and stay silent while it loads; then it is asked again. */
const probeMs = 1_000

/**
 * Looks until the check endpoint answers 200, at once and then again and again; whatever the child prints brings the next
 * look forward. As long as nobody listens, a look costs no more than a refused connection. The deadline is the caller's, by
 * way of the signal.
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

  const begun = performance.now()
  let listens = false
  let refused = ''
  while (!signal.aborted) {
    const looked = performance.now()
    listens ||= await accepts(url)
    const answer = listens ? await probe(url, signal) : 'ECONNREFUSED'
    if (signal.aborted || answer === '200') return !signal.aborted
    if (answer !== refused) onRefusal(answer)
    refused = answer
    const intervalMs = Math.min(Math.max((looked - begun) * share, shortestMs), longestMs)
    await pause(intervalMs, looked + shortestMs, signal, onOutput)
  }
  return false
}

function accepts({ protocol, hostname, port }: URL): Promise<boolean> {
  const host = hostname.replace(/^\[|\]$/g, '')
  return isListening(Number(port) || (protocol === 'https:' ? 443 : 80), host, probeMs)
}

/** The status that came, or the code of the error. */
function probe(url: URL, signal: AbortSignal): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const { get } = url.protocol === 'https:' ? loadHttps() : http
  const request = get(
    url,
    { agent: false, lookup, signal: AbortSignal.any([signal, AbortSignal.timeout(probeMs)]) },
    (response) => {
      response.resume()
      resolve(String(response.statusCode))
    },
  )
  request.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  return promise.finally(() => request.destroy())
}

/** Waits for the interval, or for output, which counts no earlier than `notBefore`: a chatty child is not looked at in a frenzy. */
function pause(
  ms: number,
  notBefore: number,
  signal: AbortSignal,
  onOutput: (wake: () => void) => void,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let timer = setTimeout(resolve, ms)
  const end = () => resolve()
  signal.addEventListener('abort', end, { once: true })
  onOutput(() => {
    onOutput(() => {})
    clearTimeout(timer)
    timer = setTimeout(resolve, Math.max(0, notBefore - performance.now()))
  })
  return promise.finally(() => {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
  })
}
