import { field, struct } from './fields.ts'
import { atLeast } from './scalars.ts'
import { milliseconds } from './time.ts'

/** How long the parts of a request to an upstream may take (§7.5); 0 is without limit. */
export interface Timeouts {
  readonly connectMs: number
  /** Between the probes that keep an idle connection open; 0 is the platform's own interval. */
  readonly keepAliveMs: number
  /** From the sent request to the head of its response. */
  readonly responseHeaderMs: number
  readonly tlsHandshakeMs: number
  /** For the upstream's go-ahead, before a body that was announced with `Expect: 100-continue` is sent anyway. */
  readonly expectContinueMs: number
  /** After which an unused connection is closed. */
  readonly idleConnectionMs: number
}

const seconds = atLeast(0)

function timeoutsSchema(responseHeader: '0' | '60', why: string) {
  return struct({
    connect: field(seconds, '30', 'Seconds until a connection stands; 0 is without limit.'),
    keepalive: field(seconds, '30', 'Seconds between keep-alive probes; 0 as the platform has it.'),
    responseHeader: field(seconds, responseHeader, `Seconds until the response begins; 0 is without limit. ${why}`),
    tlsHandshake: field(seconds, '10', 'Seconds for the TLS handshake; 0 is without limit.'),
    expectContinue: field(seconds, '1', 'Seconds to wait for `100 Continue`; 0 does not wait.'),
    idleConn: field(seconds, '90', 'Seconds until an unused connection is closed; 0 is never.'),
  })
}

export const modelTimeoutsSchema = timeoutsSchema('0', 'A model may compute for hours.')
export const peerTimeoutsSchema = timeoutsSchema('60', 'A peer that says nothing for a minute is gone.')

type TimeoutFields = Readonly<
  Record<'connect' | 'keepalive' | 'responseHeader' | 'tlsHandshake' | 'expectContinue' | 'idleConn', number>
>

export function normaliseTimeouts(fields: TimeoutFields): Timeouts {
  return {
    connectMs: milliseconds(fields.connect),
    keepAliveMs: milliseconds(fields.keepalive),
    responseHeaderMs: milliseconds(fields.responseHeader),
    tlsHandshakeMs: milliseconds(fields.tlsHandshake),
    expectContinueMs: milliseconds(fields.expectContinue),
    idleConnectionMs: milliseconds(fields.idleConn),
  }
}
