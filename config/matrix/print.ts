import type { SetExpression } from '../config.ts'
import { quote } from './tokens.ts'

/** An expression as text that reads back as the same one. A name with a quote in it has no such text. */
export function printExpression(expression: SetExpression): string {
  switch (expression.type) {
    case 'model':
      return quote(expression.model)
    case 'set':
      return `+${quote(expression.set)}`
    case 'any':
      return expression.of.map(printExpression).join(' | ')
    case 'all':
      return expression.of
        .map((part) => (part.type === 'any' ? `(${printExpression(part)})` : printExpression(part)))
        .join(' & ')
  }
}
