// What `hotseat --version` says of a build: the commit, and when it was built.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'

let commit = 'unknown'
try {
  commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' }).trim()
} catch {
  // Built from an archive.
}
writeFileSync('dist/build.json', `${JSON.stringify({ commit, date: new Date().toISOString() })}\n`)
