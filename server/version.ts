import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What this program is, and what it was made of (config §1.1). */
export interface Version extends Origin {
  readonly version: string
}

interface Origin {
  /** Short; `unknown` when neither a build nor a repository tells. */
  readonly commit: string
  /** When it was built; run from its source, when the commit was made. */
  readonly date: string
}

const root = new URL('.', import.meta.resolve('#package'))
/** Written by `npm run build`, beside what it built. */
const stamp = new URL('../build.json', import.meta.url)

let known: Version | undefined

/** Found out once: it asks another program. */
export function readVersion(): Version {
  known ??= find()
  return known
}

/** The number alone: it asks nobody. */
export function readVersionNumber(): string {
  return (JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string }).version
}

function find(): Version {
  return { version: readVersionNumber(), ...(readStamp() ?? askGit() ?? { commit: 'unknown', date: 'unknown' }) }
}

function readStamp(): Origin | undefined {
  return existsSync(stamp) ? (JSON.parse(readFileSync(stamp, 'utf8')) as Origin) : undefined
}

/** Only hotseat's own repository: it may be installed inside somebody else's. */
function askGit(): Origin | undefined {
  if (!existsSync(new URL('.git', root))) return undefined
  try {
    const options = { cwd: fileURLToPath(root), encoding: 'utf8', stdio: 'pipe', timeout: 5_000 } as const
    const [commit, date] = execFileSync('git', ['log', '-1', '--format=%h %cI'], options).trim().split(' ')
    return commit && date ? { commit, date } : undefined
  } catch {
    return undefined
  }
}
