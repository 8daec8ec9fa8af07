import type { Recording } from '../../config/recording.ts'

/** What `--record FILE` means: 64 MiB hold some 200,000 requests. */
export function recordingTo(path: string): Recording {
  return { path, maxBytes: 64 * 2 ** 20, isGzipped: path.endsWith('.gz') }
}
