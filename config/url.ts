/** The base URL without a trailing slash; null unless it is http:// or https:// with a host. */
export function httpBase(written: string): string | null {
  const isHttp = /^https?:\/\/[^/?#]/i.test(written) && URL.canParse(written)
  return isHttp ? written.replace(/\/+$/, '') : null
}
