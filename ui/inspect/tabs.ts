/**
 * The tabs of a narrow page: one view of it at a time.
 * @param onShow hears that another view is shown
 */
export function wireTabs(list: HTMLElement, page: HTMLElement, onShow: () => void): void {
  const tabs = [...list.querySelectorAll<HTMLElement>('[role=tab]')]
  const show = (shown: HTMLElement) => {
    page.dataset.view = shown.dataset.view ?? ''
    for (const tab of tabs) {
      tab.setAttribute('aria-selected', String(tab === shown))
      tab.tabIndex = tab === shown ? 0 : -1
    }
    onShow()
  }
  tabs.forEach((tab, index) => {
    tab.addEventListener('click', () => show(tab))
    tab.addEventListener('keydown', ({ key }) => {
      const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0
      const next = tabs[(index + step + tabs.length) % tabs.length]
      if (step === 0 || !next) return
      show(next)
      next.focus()
    })
  })
}
