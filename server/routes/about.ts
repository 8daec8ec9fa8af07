import * as v from 'valibot'
import { type Exchange, sendAs, sendJson, sendText } from '../http/exchange.ts'
import { describeApi } from '../openapi/document.ts'
import { anyKey, type Route } from '../route.ts'
import { readVersion } from '../version.ts'
import { redirectRoute } from './redirect.ts'
import { icon, startPage } from './start-page.ts'

const version = v.object({ version: v.string(), commit: v.string(), build_date: v.string() })

const health = {
  method: 'GET',
  subject: 'About',
  access: 'open',
  summary: '`OK`, as long as hotseat answers at all. It says nothing of the models: see `/api/health`.',
  answer: { type: 'text', media: 'text/plain', summary: '`OK`.' },
  handle: (_server, exchange) => sendText(exchange, 'OK'),
} as const satisfies Partial<Route>

/** @param all the whole table, for the document that describes it */
export function aboutRoutes(all: () => readonly Route[]): readonly Route[] {
  let document: string | undefined
  return [
    { ...health, path: '/health' },
    { ...health, path: '/wol-health' },
    redirectRoute('/', 302, '/ui', 'About', 'To the web page.'),
    redirectRoute('/ui', 307, '/ui/', 'About', 'To the web page.'),
    {
      method: 'GET',
      path: '/ui/',
      subject: 'About',
      access: ['ui'],
      summary: 'A page of links to what can be looked at in a browser.',
      answer: { type: 'text', media: 'text/html', summary: 'The page.' },
      handle: (_server, exchange) => showStartPage(exchange),
    },
    {
      method: 'GET',
      path: '/favicon.ico',
      subject: 'About',
      access: 'open',
      summary: 'The icon of the web page.',
      answer: { type: 'text', media: 'image/svg+xml', summary: 'The icon.' },
      handle: (_server, exchange) => sendAs(exchange, 'image/svg+xml', icon),
    },
    {
      method: 'GET',
      path: '/api/version',
      subject: 'About',
      access: anyKey,
      summary: 'Which hotseat this is.',
      answer: { type: 'json', schema: version },
      handle(_server, exchange) {
        const { version, commit, date } = readVersion()
        sendJson(exchange, { version, commit, build_date: date })
      },
    },
    {
      method: 'GET',
      path: '/api/openapi.json',
      subject: 'About',
      access: 'open',
      summary: 'This interface as an OpenAPI document.',
      answer: { type: 'json', schema: v.looseObject({ openapi: v.string() }) },
      handle(_server, exchange) {
        document ??= JSON.stringify(describeApi(all(), readVersion().version))
        sendAs(exchange, 'application/json', document)
      },
    },
  ]
}

function showStartPage(exchange: Exchange): void {
  // It runs nothing and loads nothing, and no other site may frame it.
  exchange.outgoing.setHeader(
    'Content-Security-Policy',
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'",
  )
  sendAs(exchange, 'text/html; charset=utf-8', startPage)
}
