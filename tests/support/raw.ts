import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'

/** A socket to the server, for what no HTTP client sends or does. */
export async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  return socket
}

/** Sends these bytes and gives back whatever comes until the server closes. */
export async function raw(url: string, bytes: string): Promise<string> {
  const socket = await open(url)
  socket.write(bytes, 'latin1')
  return text(socket)
}

/** The answer to one request whose target and headers are sent as they are written here. */
export function ask(url: string, line: string, headers: readonly string[] = []): Promise<string> {
  return raw(url, `${line} HTTP/1.1\r\n${['Host: x', 'Connection: close', ...headers].join('\r\n')}\r\n\r\n`)
}
