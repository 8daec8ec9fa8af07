import { stringify } from 'yaml'
import { loadConfig } from '../../config/load.ts'
import { formatProblems } from '../../config/problem.ts'
import { maskSecrets } from '../../config/secrets.ts'
import type { Flags } from '../flags.ts'
import { sourcesOf } from './sources.ts'

/**
 * Prints what a configuration means, complete and with secrets masked, as YAML; warnings go to stderr.
 * @throws ConfigError with everything that is wrong
 */
export function check(flags: Flags): void {
  const sources = sourcesOf(flags)
  if (!sources) throw new Error('there is nothing to check: name it with --config FILE or --config-dir DIR')
  const { config, warnings } = loadConfig(sources, { isStrict: flags.strictConfig })
  if (warnings.length > 0) console.error(formatProblems(warnings))
  console.log(stringify(maskSecrets(config, process.env), { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd())
}
