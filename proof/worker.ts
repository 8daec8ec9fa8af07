import { parentPort, workerData } from 'node:worker_threads'
import { examine } from './examine.ts'
import type { Draft } from './worlds.ts'

/* A thread of `prove.ts`: examines one world. */

parentPort?.postMessage(examine(workerData as Draft))
