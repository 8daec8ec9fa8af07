import { FormScanner } from './form.ts'
import { openBrace } from './json.ts'
import { JsonScanner } from './json-scanner.ts'
import { malformed } from './malformed.ts'
import { MultipartScanner } from './multipart.ts'
import { anything, type Scanner } from './scanner.ts'

/** Where a request names its model. */
export type Medium = 'json' | 'multipart' | 'form' | 'query'

const fields = ['model', 'stream']

/**
 * Where the media type puts the model (server §6). A body that begins with a brace and does not say what it is is JSON whose
 * sender forgot to say so, as with a plain `curl -d`: no form begins with a brace (W5).
 */
export function mediumOf(type: string | undefined, firstByte: number | undefined): Medium {
  const media = type?.toLowerCase() ?? ''
  const isForm = media.startsWith('application/x-www-form-urlencoded')
  if ((media === '' || isForm) && firstByte === openBrace) return 'json'
  if (/^application\/(?:[^;]*\+)?json\b/.test(media)) return 'json'
  if (media.startsWith('multipart/form-data')) return 'multipart'
  return isForm ? 'form' : 'query'
}

/**
 * Finds `model` and `stream` in such a body.
 * @throws ApiError 400 for a form without a boundary
 */
export function scannerFor(medium: Medium, type = ''): Scanner {
  switch (medium) {
    case 'json':
      return new JsonScanner(fields)
    case 'multipart':
      try {
        return new MultipartScanner(type, fields)
      } catch (error) {
        throw malformed(error)
      }
    case 'form':
      return new FormScanner(fields)
    case 'query':
      return anything
  }
}
