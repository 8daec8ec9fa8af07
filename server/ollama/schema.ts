import * as v from 'valibot'

/*
 * What clients of Ollama send. Only what has a meaning for another server is read; the rest is Ollama's own and is passed
 * over, as Ollama passes over what it does not know.
 */

const toolCalls = v.array(
  v.object({ function: v.object({ name: v.string(), arguments: v.optional(v.record(v.string(), v.unknown()), {}) }) }),
)

const message = v.object({
  role: v.string(),
  content: v.optional(v.string(), ''),
  /** Base64, without a media type. */
  images: v.optional(v.array(v.string()), []),
  thinking: v.optional(v.string()),
  tool_calls: v.optional(toolCalls),
  tool_name: v.optional(v.string()),
})

const number = v.optional(v.number())

const options = v.object({
  temperature: number,
  top_p: number,
  top_k: number,
  min_p: number,
  seed: number,
  num_predict: number,
  presence_penalty: number,
  frequency_penalty: number,
  repeat_penalty: number,
  stop: v.optional(v.union([v.string(), v.array(v.string())])),
})

const common = {
  model: v.string(),
  /** Streams unless told otherwise. */
  stream: v.optional(v.boolean(), true),
  /** `"json"`, or a JSON schema. */
  format: v.optional(v.union([v.literal(''), v.literal('json'), v.record(v.string(), v.unknown())])),
  options: v.optional(options, {}),
  think: v.optional(v.union([v.boolean(), v.string()])),
  /** Seconds, or a duration; 0 with nothing to do unloads the model. */
  keep_alive: v.optional(v.union([v.number(), v.string()])),
}

export const chatSchema = v.object({
  ...common,
  messages: v.optional(v.array(message), []),
  tools: v.optional(v.array(v.unknown())),
})

export const generateSchema = v.object({
  ...common,
  prompt: v.optional(v.string(), ''),
  suffix: v.optional(v.string()),
  system: v.optional(v.string()),
  images: v.optional(v.array(v.string()), []),
  /** The prompt goes to the model without a chat template. */
  raw: v.optional(v.boolean(), false),
})

export const embedSchema = v.object({ model: v.string(), input: v.union([v.string(), v.array(v.string())]) })
/** The older `/api/embeddings`. */
export const embeddingsSchema = v.object({ model: v.string(), prompt: v.string() })
/** `name` is what older clients say. */
export const showSchema = v.object({ model: v.optional(v.string()), name: v.optional(v.string()) })

export type ChatRequest = v.InferOutput<typeof chatSchema>
export type GenerateRequest = v.InferOutput<typeof generateSchema>
export type Message = v.InferOutput<typeof message>
export type Options = v.InferOutput<typeof options>
