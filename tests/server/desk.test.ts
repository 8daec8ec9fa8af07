import { describe, expect, it } from 'vitest'
import type { Model, ModelId } from '../../config/config.ts'
import type { Reply, SchedulerEvent } from '../../machines/events.ts'
import type { RequestId, SwapId } from '../../machines/ids.ts'
import { Desk } from '../../server/desk.ts'

const model = 'a' as ModelId

/** A desk in front of actors that answer as they are told to, and what it has told them. */
function desk(answer: (event: SchedulerEvent) => Reply | undefined = () => undefined) {
  const told: SchedulerEvent[] = []
  let hear: (reply: Reply) => void = () => {}
  const engine = {
    send(event: SchedulerEvent) {
      told.push(event)
      const reply = answer(event)
      if (reply) hear(reply)
    },
    onReply(listener: (reply: Reply) => void) {
      hear = listener
    },
  }
  const clock = { at: 5 }
  const made = new Desk(
    engine,
    () => clock.at,
    (id) => ({ id }) as Model,
  )
  return { desk: made, told, clock }
}

function grant(event: SchedulerEvent): Reply | undefined {
  if (event.type !== 'request') return undefined
  return { type: 'grant.serve', request: event.request, model: event.model, swap: 1 as SwapId }
}

/** What was put off to the end of this turn is done when this resolves. */
function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

const staying = () => ({ signal: new AbortController().signal })

describe('what clients do within a turn of the event loop', () => {
  it('is told at its end, in order and with the time of then', async () => {
    const { desk: front, told, clock } = desk(grant)
    const first = front.acquire(model, staying())
    front.acquire(model, staying())
    expect(told).toEqual([])
    clock.at = 7
    await endOfTurn()
    expect(told).toEqual([
      { type: 'request', request: 1, model, at: 7 },
      { type: 'request', request: 2, model, at: 7 },
    ])

    const lease = await first.lease
    lease.release()
    lease.release()
    front.acquire(model, staying())
    await endOfTurn()
    expect(told.slice(2)).toEqual([
      { type: 'serve.done', request: 1, model, at: 7 },
      { type: 'request', request: 3, model, at: 7 },
    ])
  })

  it('is told before an unload, a reload or a shutdown that came after it', () => {
    const { desk: front, told } = desk()
    front.acquire(model, staying())
    void front.unload([model])
    front.acquire(model, staying())
    void front.shutDown(100)
    expect(told.map(({ type }) => type)).toEqual(['request', 'unload', 'request', 'shutdown'])
  })

  it('makes only those wait who are not answered at its end', async () => {
    const second = 2 as RequestId
    const { desk: front } = desk((event) =>
      event.type === 'request' && event.request === second ? undefined : grant(event),
    )
    const waiting: RequestId[] = []
    for (let count = 0; count < 3; count++) front.acquire(model, staying(), (request) => waiting.push(request))
    await endOfTurn()
    expect(waiting).toEqual([second])
  })

  it('withdraws a client that left before its end, and does not say that it waits', async () => {
    const { desk: front, told } = desk()
    const leaving = new AbortController()
    const waiting: RequestId[] = []
    const { request, lease } = front.acquire(model, leaving, (id) => waiting.push(id))
    leaving.abort(new Error('gone'))
    await expect(lease).rejects.toThrow('gone')
    await endOfTurn()
    expect(told.map(({ type }) => type)).toEqual(['request', 'request.cancel'])
    expect(told[1]).toMatchObject({ request })
    expect(waiting).toEqual([])
  })

  it('withdraws a client that leaves while it waits', async () => {
    const { desk: front, told } = desk()
    const leaving = new AbortController()
    const { lease } = front.acquire(model, leaving)
    await endOfTurn()
    leaving.abort(new Error('gone'))
    await expect(lease).rejects.toThrow('gone')
    await endOfTurn()
    expect(told.map(({ type }) => type)).toEqual(['request', 'request.cancel'])
  })

  it('lets a client whose waiting fails fail alone', async () => {
    const { desk: front, told } = desk()
    const waiting: RequestId[] = []
    const { lease } = front.acquire(model, staying(), () => {
      throw new Error('cannot tell')
    })
    front.acquire(model, staying(), (request) => waiting.push(request))
    await expect(lease).rejects.toThrow('cannot tell')
    await endOfTurn()
    expect(waiting).toEqual([2])
    expect(told.map(({ type }) => type)).toEqual(['request', 'request', 'request.cancel'])
  })

  it('is turned away to the last client when the actors fail in the middle of it', async () => {
    const { desk: front } = desk((event) => {
      if (event.type === 'request' && event.request === 3) {
        front.acquire(model, staying()).lease.catch((error: Error) => reasons.push(error.message))
        front.fail(new Error('the scheduler has failed'))
      }
      return undefined
    })
    const reasons: string[] = []
    const ask = () => front.acquire(model, staying()).lease.catch((error: Error) => reasons.push(error.message))
    const earlier = ask()
    await endOfTurn()
    await Promise.all([earlier, ask(), ask(), ask()])
    expect(reasons).toEqual(Array(5).fill('the scheduler has failed'))
    expect(ask).toThrow('the scheduler has failed')
  })
})
