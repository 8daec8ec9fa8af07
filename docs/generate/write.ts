import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { documents, root } from './documents.ts'

for (const [file, text] of documents()) writeFileSync(join(root, file), text)
