import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../generate/documents.ts'
import { charts } from './documents.ts'

for (const [file, text] of charts()) writeFileSync(join(root, file), text)
