import fc from 'fast-check'
import type { Group } from '../../../config/config.ts'
import { group } from '../../support/settings.ts'
import { conform } from './planner.case.ts'

const flags = fc.record({ swap: fc.boolean(), exclusive: fc.boolean(), persistent: fc.boolean() })
const groupings = fc
  .tuple(flags, flags, flags)
  .map(([one, two, three]) => [group('ab', one), group('cd', two), group('e', three)])

conform('group', {
  worlds: groupings.map((groups) => ({
    router: { use: 'group', groups },
    mustStay: (target, model) => {
      const own = groupOf(groups, target)
      const other = groupOf(groups, model)
      return other !== own && other?.persistent === true
    },
  })),
  isMonotone: true,
})

function groupOf(groups: readonly Group[], model: string): Group | undefined {
  return groups.find(({ members }) => members.some((member) => member === model))
}
