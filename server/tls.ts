import { readFileSync } from 'node:fs'
import { loadTls } from '../process/builtins.ts'

/** A certificate and its private key, in PEM. */
export interface Tls {
  readonly cert: Buffer
  readonly key: Buffer
}

/**
 * Reads what HTTPS needs; undefined when neither file is named.
 * @throws Error when only one is, or when they cannot be used
 */
export function readTls(certFile: string | undefined, keyFile: string | undefined): Tls | undefined {
  if (certFile === undefined && keyFile === undefined) return undefined
  if (certFile === undefined || keyFile === undefined) {
    const missing = certFile === undefined ? '--tls-cert-file' : '--tls-key-file'
    throw new Error(`a certificate and its key belong together: ${missing} is missing`)
  }
  const tls = { cert: read(certFile), key: read(keyFile) }
  try {
    loadTls().createSecureContext(tls)
    return tls
  } catch (error) {
    throw new Error(`${certFile} and ${keyFile} cannot be used for TLS, which wants both in PEM: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

function read(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new Error(`${file} cannot be read: ${messageOf(error)}`, { cause: error })
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
