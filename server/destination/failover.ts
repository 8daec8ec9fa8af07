import {
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  isBrokenCircuitError,
} from 'cockatiel'
import { ApiError, allDown } from '../errors.ts'
import { DeclinedError } from '../proxy/forward.ts'
import type { Destination } from './destination.ts'

/** So many failures in a row, and a target is left alone for a while. */
const mostFailures = 3
/** One request tries it again after this long, doubled by each further failure. */
const firstRestMs = 5_000
const longestRestMs = 60_000

/** Statuses of a target for which the next one is asked: it is busy, or it is not there. */
export function isDeclined(status: number): boolean {
  return status === 429 || status === 502 || status === 503
}

/** The circuit breakers of the targets of `failover` selectors. */
export class Breakers {
  readonly #breakers = new Map<string, CircuitBreakerPolicy>()

  /**
   * Tries one target after the other, as long as nothing of an answer was passed on.
   * @param attempt `isLast` says that there is nobody after this one: whatever it answers is the answer
   * @throws ApiError 503 when all are being left alone, else what the last attempt threw
   */
  async firstThatAnswers(
    selector: string,
    each: readonly Destination[],
    attempt: (destination: Destination, isLast: boolean) => Promise<void>,
  ): Promise<void> {
    const closed = each.filter((destination) => this.#of(destination).state !== CircuitState.Open)
    if (closed.length === 0) throw allDown(selector)
    for (const [index, destination] of closed.entries()) {
      const isLast = index === closed.length - 1
      try {
        return await this.#of(destination).execute(() => attempt(destination, isLast))
      } catch (error) {
        if (isLast || !(isDown(error) || isBusy(error) || isBrokenCircuitError(error))) throw error
      }
    }
  }

  #of(destination: Destination): CircuitBreakerPolicy {
    const key = keyOf(destination)
    const known = this.#breakers.get(key)
    if (known) return known
    const breaker = circuitBreaker(handleWhen(isDown), {
      breaker: new ConsecutiveBreaker(mostFailures),
      halfOpenAfter: new ExponentialBackoff({ initialDelay: firstRestMs, maxDelay: longestRestMs }),
    })
    this.#breakers.set(key, breaker)
    return breaker
  }
}

function keyOf(destination: Destination): string {
  return destination.type === 'model' ? destination.model.id : `${destination.peer.id}/${destination.model}`
}

const downCodes: ReadonlySet<string> = new Set([
  'bad_gateway',
  'gateway_timeout',
  'model_failed',
  'stop_failed',
  'unloaded',
])

function isDown(error: unknown): boolean {
  if (error instanceof DeclinedError) return error.status !== 429
  return error instanceof ApiError && downCodes.has(error.code)
}

/** It is well, and has enough to do. */
function isBusy(error: unknown): boolean {
  return error instanceof DeclinedError || (error instanceof ApiError && error.code === 'concurrency_limit')
}
