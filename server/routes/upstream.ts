import { unknownModel } from '../errors.ts'
import type { Handler } from '../exchange.ts'
import { type Server, serve } from '../server.ts'

const prefix = '/upstream/'

/** `/upstream/MODEL/...`: any request, passed on to the model as it is, body and all (server §15). */
export function passThrough(server: Server): Handler {
  return async ({ incoming, outgoing, path, query, signal }) => {
    const named = server.names.resolvePath(path.slice(prefix.length))
    if (!named) throw unknownModel(path.slice(prefix.length).split('/', 1)[0] ?? '', server.names.all())
    const suffix = query === '' ? '' : `?${query}`
    if (named.rest === '') {
      const name = named.name.split('/').map(encodeURIComponent).join('/')
      const status = incoming.method === 'GET' || incoming.method === 'HEAD' ? 301 : 308
      outgoing.writeHead(status, { Location: `${prefix}${name}/${suffix}` }).end()
      return
    }
    await serve(server, named.model, { incoming, outgoing, path: named.rest + suffix, body: null }, signal)
  }
}
