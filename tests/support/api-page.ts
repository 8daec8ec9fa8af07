import { errorCodes } from '../../server/error-codes.ts'
import type { AnswerForm, Route, Subject } from '../../server/route.ts'

const subjects: Readonly<Record<Subject, string>> = {
  Inference: `Requests to models. They are loaded when needed, and the request waits for its turn. An answer of a model of this
server says in \`X-Hotseat-Queue-Ms\` how long its request waited for others, and in \`X-Hotseat-Load-Ms\` how long for its
model to load; one whose client was told of the load meanwhile does not.`,
  Models: 'What there is.',
  Control: 'What changes something. A page of another site may not, unless its origin is in `cors.allowOrigins`.',
  Watching: 'What happens.',
  Logs: 'The last 100 KiB of each log, and what is added. Who reads too slowly misses lines and delays nobody.',
  About: 'hotseat itself.',
}

/** `docs/api.md`, from the table of routes. */
export function apiPage(routes: readonly Route[]): string {
  return `# The API

Made from the table of routes by \`npm run api-docs\`; the same as an OpenAPI document is at \`/api/openapi.json\`.

When the configuration has \`apiKeys\`, a request needs one of them: as \`Authorization: Bearer KEY\`, as \`x-api-key: KEY\`, or as
the password of \`Authorization: Basic\`. The column *key* says what its \`allow\` must hold; *any* is any key, *none* is no key at
all. A key with \`models\` sees and uses those models alone: to it, others do not exist. A key that matched is not passed on.

GET answers HEAD as well, and OPTIONS is answered everywhere as a browser's preflight. \`{model...}\` may contain slashes.

${Object.entries(subjects)
  .map(([subject, text]) => section(subject, text, routes))
  .join('\n')}
## Errors

\`\`\`json
{"src": "hotseat", "error": {"message": "...", "type": "invalid_request_error", "param": null, "code": "not_found"}}
\`\`\`

\`src\` tells hotseat's errors from a model's. Under \`/v1/messages\` there is \`"type": "error"\` beside it and \`error.type\` is
Anthropic's, so that both kinds of client understand it. Who accepts \`text/plain\` or \`text/html\` gets that instead.

| code | status | when |
|---|---|---|
${Object.entries(errorCodes)
  .map(([code, [status, meaning]]) => row(`\`${code}\``, String(status), meaning))
  .join('\n')}
`
}

function section(subject: string, text: string, routes: readonly Route[]): string {
  const alike = Map.groupBy(
    routes.filter((route) => route.subject === subject),
    describe,
  )
  const rows = [...alike].map(([description, same]) => {
    const paths = same.map(({ method, path }) => `\`${method} ${path}\``)
    return `| ${paths.join('<br>')} ${description}`
  })
  return `## ${subject}

${text}

| | key | | answer |
|---|---|---|---|
${rows.join('\n')}
`
}

/** Everything but its path: what the routes of one line have in common. */
function describe({ access, summary, query = [], answer }: Route): string {
  const parameters = query.map(({ name, summary }) => ` \`${name}\`: ${summary}`)
  return row(keyFor(access), summary + parameters.join(''), answerOf(answer))
}

function keyFor(access: Route['access']): string {
  if (access === 'open') return 'none'
  return access.length === 4 ? 'any' : access.join(', ')
}

function answerOf(answer: AnswerForm): string {
  switch (answer.type) {
    case 'json':
      return 'JSON'
    case 'text':
      return `\`${answer.media}\`. ${answer.summary}`
    case 'redirect':
      return `${answer.status}. ${answer.summary}`
    case 'model':
      return "the model's"
  }
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
