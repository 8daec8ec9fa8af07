/** The bytes of a request for the model `m`, with a body of about `size` bytes that names it. */
export function requestFor(wanted: string, size = 1024, path = '/v1/chat/completions'): Buffer {
  const content = 'x'.repeat(Math.max(0, size - 80))
  const body = Buffer.from(JSON.stringify({ model: 'm', messages: [{ role: 'user', content }], stream: false }))
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'User-Agent: bench',
    'Accept: application/json',
    'Content-Type: application/json',
    `X-Bench: ${wanted}`,
    `Content-Length: ${body.length}`,
  ]
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body])
}
