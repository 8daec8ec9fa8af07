/** What became of the attempt to talk to a server, in words that follow its name, and in the system's own, to search for. */
export function describeConnectionFailure(error: Error, platform: NodeJS.Platform = process.platform): string {
  const code = codeOf(error)
  switch (code) {
    case 'ECONNREFUSED':
      return `refused the connection (${code}).`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `cannot be found: its host has no address (${code}).`
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `cannot be reached: there is no way to its host (${code}).${platform === 'darwin' ? macHint : ''}`
    case 'EPROXYREFUSED':
      return `cannot be reached: ${error.message}.`
    default:
      if (isAboutTls(code)) return `cannot be spoken to over TLS: ${error.message} (${code}).`
      return `ended the connection without an answer (${code || error.message}).`
  }
}

/** Without this permission, macOS makes the other machines of the network look as if they were not there. */
const macHint = ' macOS asks for a permission for this: System Settings, Privacy & Security, Local Network.'

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : ''
}

/** OpenSSL names what it has against a certificate, and Node what it found out itself. */
function isAboutTls(code: string): boolean {
  return /^(?:ERR_TLS_|ERR_SSL_|EPROTO$)|CERT|UNABLE_TO_VERIFY|CRL/.test(code)
}
