import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { unknownPath, wrongMethod } from './errors.ts'
import { exchange, type Handler, sendText } from './exchange.ts'
import { showConfigStatus } from './routes/config-status.ts'
import { infer, inferenceRoutes } from './routes/inference.ts'
import { showLogs, streamLogs } from './routes/logs.ts'
import { listModels, listRunning } from './routes/models.ts'
import { unloadAll, unloadAllAsText, unloadOne } from './routes/unload.ts'
import { passThrough } from './routes/upstream.ts'
import type { Server } from './server.ts'

interface Route {
  /** `ALL`: whatever the method. GET answers HEAD as well. */
  readonly method: 'GET' | 'POST' | 'ALL'
  readonly path: string
  readonly handler: Handler
}

/** Every route (server §3). */
function routesOf(server: Server): readonly Route[] {
  const ok: Handler = (exchange) => sendText(exchange, 'OK')
  return [
    ...inferenceRoutes.map((route) => ({ method: route.method, path: route.path, handler: infer(server, route) })),
    { method: 'GET', path: '/v1/models', handler: listModels(server) },
    { method: 'GET', path: '/models', handler: listModels(server) },
    { method: 'GET', path: '/running', handler: listRunning(server) },
    { method: 'GET', path: '/unload', handler: unloadAllAsText(server) },
    { method: 'POST', path: '/api/models/unload', handler: unloadAll(server) },
    { method: 'POST', path: '/api/models/unload/*', handler: unloadOne(server, '/api/models/unload/') },
    { method: 'ALL', path: '/upstream/*', handler: passThrough(server) },
    { method: 'GET', path: '/logs', handler: showLogs(server) },
    { method: 'GET', path: '/logs/stream', handler: streamLogs(server) },
    { method: 'GET', path: '/logs/stream/*', handler: streamLogs(server) },
    { method: 'GET', path: '/api/config/status', handler: showConfigStatus(server) },
    { method: 'GET', path: '/health', handler: ok },
    { method: 'GET', path: '/wol-health', handler: ok },
    { method: 'GET', path: '/', handler: (exchange) => sendText(exchange, greeting) },
  ]
}

const greeting = 'hotseat is running. GET /v1/models lists the models, /running the loaded ones, /logs what happened.\n'

/** The HTTP surface: finds the handler of each request. */
export function createApp(server: Server): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  const routes = routesOf(server)
  for (const { method, path, handler } of routes) app.on(method, path, exchange(handler))
  for (const path of new Set(routes.map((route) => route.path))) app.all(path, exchange(refuseMethod(routes, path)))
  app.notFound(
    exchange(({ incoming, path }) => {
      throw unknownPath(incoming.method ?? 'GET', path)
    }),
  )
  return app
}

function refuseMethod(routes: readonly Route[], path: string): Handler {
  const methods = routes.filter((route) => route.path === path).map(({ method }) => method)
  const allow = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ')
  return ({ incoming, outgoing, path: asked }) => {
    outgoing.setHeader('Allow', allow)
    throw wrongMethod(incoming.method ?? 'GET', asked, allow)
  }
}
