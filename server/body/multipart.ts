import type { Span } from './json.ts'

/** A body that is not the multipart form that its media type announces. */
export class MultipartSyntaxError extends SyntaxError {
  override readonly name = 'MultipartSyntaxError'
}

/**
 * Finds the values of some fields of a form (RFC 7578) by stepping from boundary to boundary: the bytes of files are passed
 * over by a native search and never copied. The first part of a name counts; a file is no field.
 * @param type the Content-Type, which names the boundary
 * @throws MultipartSyntaxError
 */
export function scanMultipart(bytes: Buffer, type: string, names: readonly string[]): ReadonlyMap<string, Span> {
  const delimiter = Buffer.from(`\r\n--${boundaryOf(type)}`)
  const found = new Map<string, Span>()
  // The first delimiter may lack its line break; what stands before it is a preamble for no one (RFC 2046 §5.1.1).
  const isAtStart = bytes.subarray(0, delimiter.length - 2).equals(delimiter.subarray(2))
  let at = isAtStart ? delimiter.length - 2 : after(bytes, delimiter, 0)
  while (!startsWith(bytes, at, '--')) {
    const line = after(bytes, '\r\n', at)
    if (bytes.toString('latin1', at, line).trim() !== '')
      throw new MultipartSyntaxError('a boundary is not alone on its line')
    // A part without headers begins with the empty line that would end them.
    const start = startsWith(bytes, line, '\r\n') ? line + 2 : after(bytes, '\r\n\r\n', line)
    const next = after(bytes, delimiter, start - 2)
    const name = fieldName(bytes.toString('utf8', line, start))
    if (name !== undefined && names.includes(name) && !found.has(name)) {
      found.set(name, { start, end: Math.max(start, next - delimiter.length) })
    }
    at = next
  }
  return found
}

function boundaryOf(type: string): string {
  const match = /;\s*boundary=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/i.exec(type)
  const boundary = match?.[1]?.replace(/\\(.)/g, '$1') ?? match?.[2]
  if (!boundary) throw new MultipartSyntaxError('its Content-Type names no boundary')
  return boundary
}

function after(bytes: Buffer, text: Buffer | string, from: number): number {
  const at = bytes.indexOf(text, Math.max(0, from))
  if (at < 0) throw new MultipartSyntaxError('it ends before its last boundary')
  return at + text.length
}

function startsWith(bytes: Buffer, at: number, text: string): boolean {
  return bytes.toString('latin1', at, at + text.length) === text
}

/** The name of a part that is a field; browsers write a quote in it as %22 (WHATWG), others escape it. */
function fieldName(headers: string): string | undefined {
  const disposition = /^content-disposition:\s*form-data\b(.*)$/im.exec(headers)?.[1]
  if (disposition === undefined || /;\s*filename\*?=/i.test(disposition)) return undefined
  const match = /;\s*name=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/i.exec(disposition)
  return match?.[1]?.replace(/\\(.)/g, '$1').replaceAll('%22', '"') ?? match?.[2]
}
