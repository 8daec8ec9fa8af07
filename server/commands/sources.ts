import type { Sources } from '../../config/sources.ts'
import type { Flags } from '../flags.ts'

/** Where the command line says that the configuration is; undefined when it says nothing. */
export function sourcesOf({ config, configDir }: Flags): Sources | undefined {
  return config === undefined && configDir === undefined ? undefined : { file: config, directory: configDir }
}
