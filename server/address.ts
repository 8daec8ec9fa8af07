import type { AddressInfo, Server } from 'node:net'

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there. Stop it, or choose another port with --listen HOST:PORT',
  EACCES: 'this user may not use the port. Choose one above 1023 with --listen HOST:PORT',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no host of this name',
}

/** @throws Error saying where and why it cannot listen */
export function listen(server: Server, port: number, hostname: string | undefined): Promise<AddressInfo> {
  const { promise, resolve, reject } = Promise.withResolvers<AddressInfo>()
  const fail = (error: NodeJS.ErrnoException) => {
    const where = `${hostname ?? ''}:${port}`
    reject(new Error(`cannot listen on ${where}: ${reasons[error.code ?? ''] ?? error.message}`, { cause: error }))
  }
  server.once('error', fail)
  server.listen(port, hostname, () => {
    server.off('error', fail)
    resolve(server.address() as AddressInfo)
  })
  return promise
}

/** How a client on this machine reaches it. */
export function urlOf({ address, family, port }: AddressInfo, protocol: 'http' | 'https'): string {
  const isAny = address === '::' || address === '0.0.0.0'
  const host = isAny ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address
  return `${protocol}://${host}:${port}`
}

/** What to say when not only this machine can reach what listens there; null when it is on its own. */
export function networkNotice({ address, port }: Pick<AddressInfo, 'address' | 'port'>): string | null {
  const isLoopback = /^(?:::ffff:)?127\./.test(address) || address === '::1'
  return isLoopback ? null : `Others on the network can reach it: --listen localhost:${port} keeps it on this machine`
}
