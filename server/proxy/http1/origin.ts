/** Where a server listens, and whether it speaks TLS there. */
export interface Place {
  readonly isSecure: boolean
  readonly hostname: string
  readonly port: number
}

/** A server that connects others with those that they cannot reach. */
export interface ForwardProxy extends Place {
  /** For messages. */
  readonly label: string
  /** Value of `Proxy-Authorization`; null when it asks for no name. */
  readonly authorization: string | null
}

/** An upstream, and who stands on the way to it. */
export interface Origin extends Place {
  readonly proxy: ForwardProxy | null
}

/** @param url with the scheme `http` or `https` */
export function placeOf(url: URL): Place {
  const isSecure = url.protocol === 'https:'
  // An IPv6 address stands in brackets in a URL only.
  return { isSecure, hostname: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || (isSecure ? 443 : 80) }
}
