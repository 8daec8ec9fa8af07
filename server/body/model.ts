import { invalidJson, invalidMultipart } from '../errors.ts'
import { scanObject } from './json.ts'

/**
 * The model that a request names, looked for where its media type puts it; undefined when it names none.
 * The body stays as it is.
 * @throws ApiError 400 when the body is not what its type says.
 */
export async function modelIn(
  body: Buffer,
  type: string | undefined,
  query: URLSearchParams,
): Promise<string | undefined> {
  const media = type?.toLowerCase() ?? ''
  const isForm = media.startsWith('application/x-www-form-urlencoded')
  // No form begins with a brace; what does is JSON whose sender forgot to say so, as with a plain `curl -d`.
  const isUnlabelled = (media === '' || isForm) && body[0] === 0x7b
  if (isUnlabelled || /^application\/(?:[^;]*\+)?json\b/.test(media)) return modelInJson(body)
  if (media.startsWith('multipart/form-data')) return query.get('model') ?? (await modelInMultipart(body, type!))
  if (isForm) {
    return new URLSearchParams(body.toString()).get('model') ?? query.get('model') ?? undefined
  }
  return query.get('model') ?? undefined
}

function modelInJson(body: Buffer): string | undefined {
  try {
    const span = scanObject(body, ['model']).get('model')
    if (!span) return undefined
    const text = body.toString('utf8', span.start, span.end)
    // Anything but a string is a name as it is written: `123` is the model "123".
    return text.startsWith('"') ? String(JSON.parse(text)) : text === 'null' ? undefined : text
  } catch (error) {
    if (error instanceof SyntaxError) throw invalidJson(error)
    throw error
  }
}

async function modelInMultipart(body: Buffer, type: string): Promise<string | undefined> {
  try {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
    const model = form.get('model')
    return typeof model === 'string' ? model : undefined
  } catch (error) {
    throw invalidMultipart(error)
  }
}
