import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type Loaded, loadConfig } from '../../config/load.ts'

/** Where the configuration comes from, each time it is read. */
export interface Source {
  /** What the user calls it. */
  readonly name: string
  /** Stands for what is written there now. Another one whenever a byte is another, or a file has come or gone. */
  digest(): Promise<string>
  /** @throws ConfigError */
  load(): Loaded
}

export function fileSource(file: string): Source {
  return {
    name: file,
    async digest() {
      const content = await readFile(file).catch((error: NodeJS.ErrnoException) => `unreadable: ${error.code}`)
      return createHash('sha256').update(content).digest('base64')
    },
    load: () => loadConfig({ file }),
  }
}

/** A configuration that never changes. */
export function fixedSource(name: string, loaded: Loaded): Source {
  return { name, digest: async () => 'fixed', load: () => loaded }
}
