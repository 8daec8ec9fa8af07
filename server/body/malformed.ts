import { type ApiError, invalidJson, invalidMultipart } from '../errors.ts'
import { MultipartSyntaxError } from './multipart.ts'

/** What a scanner's complaint means to the client (W6). */
export function malformed(error: unknown): ApiError {
  if (error instanceof MultipartSyntaxError) return invalidMultipart(error)
  if (error instanceof SyntaxError) return invalidJson(error)
  throw error
}
