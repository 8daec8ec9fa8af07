/*
 * Node's modules for HTTP and TLS without what an `import` of them costs: it reads every property that they offer, and one
 * of those of `node:http` loads the whole client behind `fetch`, 14 MB and 30 ms at each start that nothing here uses.
 */

export const http = process.getBuiltinModule('node:http')

/** For those who speak HTTPS, which few do between their own four walls. */
export function loadHttps() {
  return process.getBuiltinModule('node:https')
}

export function loadTls() {
  return process.getBuiltinModule('node:tls')
}

export function loadHttp2() {
  return process.getBuiltinModule('node:http2')
}
