import type { Capabilities } from '../../config/capabilities.ts'

/** What `/v1/models` tells of a model's capabilities (server §18.4). Nothing is said of what the configuration leaves open. */
export interface Described {
  readonly architecture?: {
    readonly input_modalities?: readonly string[]
    readonly output_modalities?: readonly string[]
    readonly modality?: string
  }
  readonly capabilities?: Readonly<Record<string, true>>
  readonly supported_parameters?: readonly string[]
  readonly context_length?: number
}

/** Keys of the user's metadata that the configured capabilities replace. */
export const describedKeys: readonly string[] = [
  'architecture',
  'capabilities',
  'supported_parameters',
  'context_length',
]

export function describeCapabilities(configured: Capabilities | null): Described {
  if (!configured) return {}
  const { in: takes, out: gives, tools, reranker, contextTokens } = configured
  const flags = {
    vision: takes.includes('image'),
    audio_transcriptions: takes.includes('audio') && gives.includes('text'),
    audio_speech: takes.includes('text') && gives.includes('audio'),
    image_generation: takes.includes('text') && gives.includes('image'),
    image_to_image: takes.includes('image') && gives.includes('image'),
    function_calling: tools,
    reranker,
  }
  const capabilities = Object.entries(flags).flatMap(([name, has]) => (has ? [[name, true] as const] : []))
  const hasBoth = takes.length > 0 && gives.length > 0
  return {
    ...((takes.length > 0 || gives.length > 0) && {
      architecture: {
        ...(takes.length > 0 && { input_modalities: takes }),
        ...(gives.length > 0 && { output_modalities: gives }),
        ...(hasBoth && { modality: `${takes.join('+')}->${gives.join('+')}` }),
      },
    }),
    ...(capabilities.length > 0 && { capabilities: Object.fromEntries(capabilities) }),
    ...(tools && { supported_parameters: ['tools', 'tool_choice'] }),
    ...(contextTokens > 0 && { context_length: contextTokens }),
  }
}
