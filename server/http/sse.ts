/* The one place that knows the frames of an event stream. Neither part of a frame may hold a line break: JSON never does. */

/** A message of an event type, in the spelling of the reference: no blank after the colons (server §21.1). */
export function sseMessage(type: string, data: string): string {
  return `event:${type}\ndata:${data}\n\n`
}

/** After how many milliseconds a browser that has lost the connection tries again. */
export function sseRetry(ms: number): string {
  return `retry:${ms}\n\n`
}

/** What no client hears of and every proxy between sees: it keeps an idle connection open (W28). */
export function sseComment(text: string): string {
  return `: ${text}\n\n`
}
