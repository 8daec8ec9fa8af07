import * as v from 'valibot'
import type { ModelId } from '../../../config/config.ts'
import type { RequestId, SwapId, UnloadId } from '../../ids.ts'
import { branded } from './closed.ts'

export const model = branded<ModelId>(v.string())
export const models = v.array(model)
export const request = branded<RequestId>(v.number())
export const swap = branded<SwapId>(v.number())
export const unload = branded<UnloadId>(v.number())
/** Milliseconds since the epoch. */
export const at = v.number()
/** A span in milliseconds. */
export const ms = v.number()
export const life = { model, swap }
