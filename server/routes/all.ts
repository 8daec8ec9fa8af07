import type { Route } from '../route.ts'
import { aboutRoutes } from './about.ts'
import { comfyuiRoutes } from './comfyui.ts'
import { configRoutes } from './config-status.ts'
import { eventRoutes } from './events.ts'
import { inferenceRoutes } from './inference.ts'
import { inspectRoutes } from './inspect.ts'
import { logRoutes } from './logs.ts'
import { modelRoutes } from './models.ts'
import { ollamaRoutes } from './ollama.ts'
import { profileRoutes } from './profiles.ts'
import { progressRoutes } from './progress.ts'
import { traceRoutes } from './trace.ts'
import { unloadRoutes } from './unload.ts'
import { upstreamRoutes } from './upstream.ts'

/** Every route (server §3). */
export const routes: readonly Route[] = [
  ...inferenceRoutes,
  ...upstreamRoutes,
  ...comfyuiRoutes,
  ...ollamaRoutes,
  ...modelRoutes,
  ...unloadRoutes,
  ...profileRoutes,
  ...progressRoutes,
  ...configRoutes,
  ...eventRoutes,
  ...logRoutes,
  ...traceRoutes,
  ...inspectRoutes,
  ...aboutRoutes(() => routes),
]
