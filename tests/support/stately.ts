import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Frame, Page } from 'playwright-core'

/*
 * Stands in for stately.ai, which no test can reach: a page that takes what it is told with the receiver of Stately's own
 * package, and keeps it.
 */

const require = createRequire(import.meta.url)
const origin = 'https://stately.ai'

const files = {
  '/inspect.mjs': fileURLToPath(import.meta.resolve('@statelyai/inspect')),
  '/xstate/': require.resolve('xstate').replace(/[^/]+$/, ''),
}

/** What the package imports and its receiver does not use. */
const unused = {
  'fast-safe-stringify': 'export default () => {}',
  'safe-stable-stringify': 'export default { configure() {} }',
  'isomorphic-ws': 'export default null',
  partysocket: 'export default null',
  superjson: 'export const stringify = null',
  '#uuid': 'export const uuid = null',
}

const imports = {
  '@statelyai/inspect': `${origin}/inspect.mjs`,
  xstate: `${origin}/xstate/xstate.esm.js`,
  ...Object.fromEntries(
    Object.entries(unused).map(([name, module]) => [name, `data:text/javascript,${encodeURIComponent(module)}`]),
  ),
}

const html = `<!doctype html>
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">
  import { createBrowserReceiver } from '@statelyai/inspect'
  globalThis.received = []
  createBrowserReceiver().subscribe((event) => received.push(event))
</script>`

/** Answers for stately.ai in this page, and in the windows that it opens. */
export async function standInForStately(page: Page): Promise<void> {
  const context = page.context()
  await context.route(`${origin}/inspect`, (route) => route.fulfill({ contentType: 'text/html', body: html }))
  await context.route(`${origin}/inspect.mjs`, (route) => route.fulfill({ path: files['/inspect.mjs'] }))
  await context.route(`${origin}/xstate/*`, (route) => {
    const name = new URL(route.request().url()).pathname.slice('/xstate/'.length)
    return route.fulfill({ path: files['/xstate/'] + name, contentType: 'text/javascript' })
  })
}

export interface Received {
  readonly type: string
  readonly sessionId: string
  readonly definition?: string
  readonly event?: { readonly type: string }
  readonly snapshot?: { readonly value?: unknown }
}

/** What the stand-in was told, in its frame or its window. */
export async function receivedBy(viewer: Frame | Page): Promise<readonly Received[]> {
  return (await viewer.evaluate('globalThis.received ?? []')) as readonly Received[]
}
