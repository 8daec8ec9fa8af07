import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type Loaded, type LoadOptions, loadConfig } from '../../config/load.ts'
import { listSources, type Sources } from '../../config/sources.ts'

/** Where the configuration comes from, each time it is read. */
export interface Source {
  /** What the user calls it. */
  readonly name: string
  /** Stands for what is written there now. Another one whenever a byte is another, or a file has come or gone. */
  digest(): Promise<string>
  /** @throws ConfigError */
  load(): Loaded
}

/** A file, the files of a directory, or both. */
export function filesSource(sources: Sources, options: LoadOptions = {}): Source {
  return {
    name: [sources.file, sources.directory].filter((path) => path !== undefined).join(' and '),
    async digest() {
      const hash = createHash('sha256')
      for (const file of list(sources))
        hash
          .update(`${file}\0`)
          .update(await contentOf(file))
          .update('\0')
      return hash.digest('base64')
    },
    load: () => loadConfig(sources, options),
  }
}

/** What cannot be listed now may be listed at the next look, and is then another content. */
function list(sources: Sources): readonly string[] {
  try {
    return listSources(sources)
  } catch {
    return []
  }
}

function contentOf(file: string): Promise<Buffer | string> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => `unreadable: ${error.code}`)
}

/** A configuration that never changes. */
export function fixedSource(name: string, loaded: Loaded): Source {
  return { name, digest: async () => 'fixed', load: () => loaded }
}
