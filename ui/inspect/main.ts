import { byId, say } from './dom.ts'
import { listen, type Status } from './live.ts'
import { EventLog } from './log/log.ts'
import { Player } from './past/player.ts'
import { Stage } from './stage.ts'
import { wireTabs } from './tabs.ts'

/** By how much the server's clock is ahead. */
let ahead = 0
let leave = () => {}

const stage = new Stage(() => player.now ?? Date.now() + ahead)
const log = new EventLog(byId('events'), stage.filter)
const player = new Player(stage, log, {
  onBegin: () => leave(),
  onEnd: watch,
})

stage.onFilter = (filter) => {
  if (player.now !== null) return player.show()
  log.filter(filter)
  log.follow()
}

const statuses: Record<Status, string> = { connecting: 'connecting', live: 'live', lost: 'not to be reached' }

/** Shows what happens, as it happens. */
function watch(): void {
  leave = listen({
    begin() {
      stage.scene.clear()
      log.clear()
      stage.draw()
    },
    frame(frame) {
      const { scene, boards } = stage
      ahead = Number(frame.createdAt) - Date.now()
      const before = scene.actors.get(frame.sessionId)
      if (frame.type === '@xstate.event') {
        log.add(frame)
        log.follow()
        if (before) boards[before.machine].flash(before.value, frame.event.type)
        return
      }
      scene.apply(frame)
      const after = scene.actors.get(frame.sessionId)
      if (before && after && frame.type === '@xstate.snapshot') {
        boards[before.machine].flashMove(before.value, after.value, frame.event.type)
      }
      stage.draw()
    },
    skipped(events) {
      log.skip(events)
      log.follow()
    },
    status(status) {
      byId('status').dataset.status = status
      say(byId('status'), statuses[status])
    },
  })
}

wireTabs(byId('tabs'), byId('views'), () => log.follow())
watch()
// Durations grow while nothing happens.
setInterval(() => stage.draw(), 1_000)
