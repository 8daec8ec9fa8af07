import http from 'node:http'

/*
 * The least that a proxy on Node can do: nothing is looked at, nothing decided, and the streams are joined. Arguments: the
 * port of the upstream, and the port to listen on.
 */

const [upstream, port] = process.argv.slice(2).map(Number)
const agent = new http.Agent({ keepAlive: true })

http
  .createServer({ noDelay: true }, (incoming, outgoing) => {
    const { method = 'GET', url = '/', rawHeaders } = incoming
    const request = http.request(
      { agent, host: '127.0.0.1', port: upstream!, method, path: url, headers: rawHeaders },
      (response) => {
        outgoing.writeHead(response.statusCode ?? 502, response.rawHeaders)
        outgoing.flushHeaders()
        response.pipe(outgoing)
      },
    )
    request.on('error', () => outgoing.destroy())
    outgoing.on('close', () => request.destroy())
    incoming.pipe(request)
  })
  .listen({ port: port!, host: '127.0.0.1', backlog: 4096 })
