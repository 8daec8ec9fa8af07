import { toJsonSchema } from '@valibot/to-json-schema'
import type { GenericSchema } from 'valibot'
import { errorCodes } from '../error-codes.ts'
import type { AnswerForm, Body, Method, Route } from '../route.ts'

type Json = Readonly<Record<string, unknown>>

const methods: Readonly<Record<Method, readonly string[]>> = {
  GET: ['get'],
  POST: ['post'],
  PUT: ['put'],
  ANY: ['get', 'post', 'put', 'patch', 'delete'],
}

/** The routes as an OpenAPI 3.1 document. */
export function describeApi(routes: readonly Route[], version: string): Json {
  const paths = new Map<string, Json>()
  for (const route of routes) {
    const path = route.path.replace('...}', '}')
    const operation = describe(route)
    const operations = Object.fromEntries(methods[route.method].map((method) => [method, operation]))
    paths.set(path, { ...paths.get(path), ...operations })
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'hotseat',
      version,
      summary: 'One address in front of many local inference servers.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    tags: [...new Set(routes.map(({ subject }) => subject))].map((name) => ({ name })),
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        basic: { type: 'http', scheme: 'basic', description: 'The key as the password; the user name is ignored.' },
        header: { type: 'apiKey', in: 'header', name: 'x-api-key' },
      },
      responses: {
        Error: {
          description: `Codes: ${Object.keys(errorCodes).join(', ')}. Under /v1/messages it is in Anthropic's shape as well.`,
          content: { 'application/json': { schema: errorSchema } },
        },
      },
    },
  }
}

const errorSchema: Json = {
  type: 'object',
  required: ['src', 'error'],
  properties: {
    src: { const: 'hotseat' },
    error: {
      type: 'object',
      required: ['message', 'type', 'param', 'code'],
      properties: {
        message: { type: 'string' },
        type: { type: 'string' },
        param: { type: 'null' },
        code: { enum: Object.keys(errorCodes) },
      },
    },
  },
}

function describe({ subject, summary, access, path, query = [], body, answer }: Route): Json {
  const name = /\{(\w+)(?:\.\.\.)?\}/.exec(path)?.[1]
  const parameters = [
    ...(name === undefined ? [] : [{ name, in: 'path', required: true, schema: { type: 'string' } }]),
    ...query.map(({ name, required, summary }) => {
      return { name, in: 'query', required, description: summary, schema: { type: 'string' } }
    }),
  ]
  return {
    tags: [subject],
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: contentOf(body) } }),
    responses: { ...responseOf(answer), default: { $ref: '#/components/responses/Error' } },
    security: access === 'open' ? [] : [{ bearer: [] }, { basic: [] }, { header: [] }],
  }
}

function contentOf(body: Body): Json {
  switch (body.type) {
    case 'json':
      return { 'application/json': { schema: schemaOf(body.schema) } }
    case 'model': {
      const schema = { type: 'object', required: ['model'], properties: { model: { type: 'string' } } }
      return Object.fromEntries(body.media.map((media) => [media, { schema }]))
    }
  }
}

function responseOf(answer: AnswerForm): Json {
  switch (answer.type) {
    case 'json':
      return { 200: { description: 'Done.', content: { 'application/json': { schema: schemaOf(answer.schema) } } } }
    case 'text':
      return { 200: { description: answer.summary, content: { [answer.media]: {} } } }
    case 'redirect':
      return { [answer.status]: { description: answer.summary } }
    case 'model':
      return {
        200: {
          description: 'Whatever the model answers, also with another status.',
          headers: waits,
          content: { '*/*': {} },
        },
      }
  }
}

const waits: Json = {
  'X-Hotseat-Queue-Ms': { description: 'How long the request waited for others.', schema: { type: 'integer' } },
  'X-Hotseat-Load-Ms': { description: 'How long it waited for its model to load.', schema: { type: 'integer' } },
}

function schemaOf(schema: GenericSchema): Json {
  const { $schema: _, ...rest } = toJsonSchema(schema, { target: 'draft-2020-12' })
  return rest
}
