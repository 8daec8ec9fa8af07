import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { pathToFileURL } from 'node:url'

/*
 * The files of the pages, as they lie in the package. There is no bundle: a page loads the very modules of the machines that
 * the server runs.
 */

const require = createRequire(import.meta.url)
/** Where modules are: the repository, or `dist/` of the package. */
const modules = new URL('../../', import.meta.url)
const pages = new URL('ui/inspect/', pathToFileURL(require.resolve('#package')))
/** Libraries that the modules import, as the pages' import map names them. */
const libraries = new Map([
  ['xstate', new URL('.', pathToFileURL(require.resolve('xstate')))],
  ['valibot', new URL('.', pathToFileURL(require.resolve('valibot')))],
  ['fflate', new URL('../esm/', pathToFileURL(require.resolve('fflate')))],
])

export interface File {
  readonly type: string
  readonly text: string
}

/** A module or a style sheet of the pages, by its path below `/inspect/files/`; undefined when there is none. */
export function readAsset(path: string): File | undefined {
  const style = /^ui\/inspect\/([\w-]+\.css)$/.exec(path)?.[1]
  if (style !== undefined) return file('text/css', read(new URL(style, pages)))
  const library = /^lib\/(\w+)\/([\w.-]+\.m?js)$/.exec(path)
  const folder = libraries.get(library?.[1] ?? '')
  if (folder) return file('text/javascript', read(new URL(library![2]!, folder)))
  const own = /^((?:ui\/inspect|machines|config)\/[\w/-]+)\.[jt]s$/.exec(path)?.[1]
  return own === undefined ? undefined : file('text/javascript', readModule(own))
}

/** A page, with the policy that it may load nothing from elsewhere, and be framed by nobody. */
export function readPage(name: 'index' | 'stately'): File & { readonly policy: string } {
  const text = readFileSync(new URL(`${name}.html`, pages), 'utf8')
  const inline = [...text.matchAll(/<script type="importmap">([\s\S]*?)<\/script>/g)].map(([, script = '']) => {
    return `'sha256-${createHash('sha256').update(script).digest('base64')}'`
  })
  const policy = [
    "default-src 'none'",
    ['script-src', "'self'", ...inline].join(' '),
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    `frame-src ${name === 'stately' ? 'https://stately.ai' : "'none'"}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ]
  return { type: 'text/html', text, policy: policy.join('; ') }
}

function file(type: string, text: string | undefined): File | undefined {
  return text === undefined ? undefined : { type, text }
}

/** Built, or else as it was written, without its types. */
function readModule(path: string): string | undefined {
  const built = read(new URL(`${path}.js`, modules))
  if (built !== undefined) return built
  const source = read(new URL(`${path}.ts`, modules))
  return source && stripTypeScriptTypes(source)
}

function read(url: URL): string | undefined {
  try {
    return readFileSync(url, 'utf8')
  } catch {
    return undefined
  }
}
