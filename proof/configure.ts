import type { Model } from '../config/config.ts'
import { parseConfig } from '../config/load.ts'
import { type ModelSettings, type Settings, settingsOf } from '../machines/policy/settings.ts'

/** What the machines know of these configurations, as a user writes them. A model that is the same in two is the same object. */
export function configure(texts: readonly string[], file: string): readonly Settings[] {
  const known = new Map<string, ModelSettings>()
  const intern = (model: ModelSettings) => {
    const text = JSON.stringify(model)
    known.set(text, known.get(text) ?? model)
    return known.get(text)!
  }
  return texts
    .map((text) => settingsOf(parseConfig(text, file).config, originOf))
    .map((settings) => ({ ...settings, models: settings.models.map(intern) }))
}

/** Whatever the process depends on makes it another one. */
function originOf(model: Model) {
  return { fingerprint: model.argv.join(' '), port: model.port }
}
