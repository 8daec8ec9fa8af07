import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { ModelId, Router } from '../../../config/config.ts'
import type { Planner } from '../../../machines/policy/planner.ts'
import { plannerOf } from '../../../machines/policy/planners.ts'
import { residents } from '../../support/matrix.ts'
import { id } from '../../support/settings.ts'

/** A routing over the models a to f, and what is known of it without asking its planner. */
export interface PlannerWorld {
  readonly router: Router
  /** Whether nothing may stop this model for the target: it is persistent, or there is room for all. */
  mustStay(target: ModelId, model: ModelId, resident: readonly ModelId[]): boolean
}

interface Options {
  readonly worlds: fc.Arbitrary<PlannerWorld>
  /** Whether more running models never spare one that would have had to stop without them. */
  readonly isMonotone: boolean
}

interface Question {
  readonly world: PlannerWorld
  readonly target: ModelId
  readonly resident: readonly ModelId[]
}

/** What the scheduler relies on, whoever says which models may run together. */
export function conform(name: string, { worlds, isMonotone }: Options): void {
  const target = fc.constantFrom(...'abcdef', 'stranger').map(id)
  const questions: fc.Arbitrary<Question> = fc.record({ world: worlds, target, resident: residents('abcdef') })
  const planner = ({ router }: PlannerWorld): Planner => plannerOf({ router, maxWaitMs: 0, minTenureMs: 0 })
  const always = (check: (question: Question, plan: Planner) => void) => {
    const property = fc.property(questions, (question) => {
      check(question, planner(question.world))
    })
    fc.assert(property, { numRuns: 1_000 })
  }

  describe(`the ${name} planner, as any planner (scheduling §2)`, () => {
    test('answers the same question always the same, and leaves it as it was', () => {
      always(({ world, target, resident }, plan) => {
        const asked = Object.freeze([...resident])
        const answer = [...plan(target, asked)]
        plan(asked[0] ?? target, [])
        expect(plan(target, asked)).toEqual(answer)
        expect(planner(JSON.parse(JSON.stringify({ ...world })))(target, asked)).toEqual(answer)
      })
    })

    test('is silent', () => {
      const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((method) => vi.spyOn(console, method))
      onTestFinished(() => {
        for (const spy of spies) spy.mockRestore()
      })
      always(({ target, resident }, plan) => void plan(target, resident))
      for (const spy of spies) expect(spy).not.toHaveBeenCalled()
    })

    test('names models that run, each once, in their order, and never the target', () => {
      always(({ target, resident }, plan) => {
        const evict = plan(target, resident)
        expect(evict).toEqual(resident.filter((model) => evict.includes(model)))
        expect(evict).not.toContain(target)
      })
    })

    test('stops nothing when nothing runs, or when only the target does', () => {
      always(({ target }, plan) => expect([...plan(target, []), ...plan(target, [target])]).toEqual([]))
    })

    test('never stops what must stay', () => {
      always(({ world, target, resident }, plan) => {
        const kept = resident.filter((model) => world.mustStay(target, model, resident))
        expect(plan(target, resident).filter((model) => kept.includes(model))).toEqual([])
      })
    })

    test('wants nothing more once it was obeyed', () => {
      always(({ target, resident }, plan) => {
        const evict = plan(target, resident)
        const rest = resident.filter((model) => !evict.includes(model))
        expect(plan(target, rest)).toEqual([])
      })
    })

    if (!isMonotone) return
    test('spares nobody because others run as well', () => {
      always(({ target, resident }, plan) => {
        const some = resident.filter((_, index) => index % 2 === 0)
        for (const model of plan(target, some)) expect(plan(target, resident)).toContain(model)
      })
    })
  })
}
