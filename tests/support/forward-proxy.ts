import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { type AddressInfo, connect } from 'node:net'

export interface ForwardProxyServer extends AsyncDisposable {
  readonly port: number
  /** What it was asked for: request lines without the version. */
  readonly asked: readonly string[]
  readonly headers: readonly IncomingHttpHeaders[]
}

/**
 * A proxy that answers plain requests itself, telling how it was asked, and connects everything else with one port of this
 * machine, whatever host was meant; without a port it lets nobody through.
 */
export async function startForwardProxy(target?: () => number): Promise<ForwardProxyServer> {
  const asked: string[] = []
  const headers: IncomingHttpHeaders[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    headers.push(request.headers)
    response.end(`asked for ${request.url}`)
  })
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`)
    headers.push(request.headers)
    socket.on('error', () => {})
    if (!target) return void socket.end('HTTP/1.1 403 Not Here\r\nContent-Length: 0\r\n\r\n')
    const upstream = connect(target(), '127.0.0.1', () => socket.write('HTTP/1.1 200 Through\r\n\r\n'))
    upstream.on('error', () => socket.destroy())
    socket.pipe(upstream).pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    headers,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
