import type { LogTimeFormat } from '../../config/logging.ts'

/** A time as the layouts of config §7.13 write it, in the local zone. `ms` is since the epoch, with a fraction. */
export function formatTime(format: LogTimeFormat, ms: number): string {
  const date = new Date(ms)
  const [weekday, month] = [weekdays[date.getDay()]!, months[date.getMonth()]!.slice(0, 3)]
  const [day, year] = [two(date.getDate()), String(date.getFullYear())]
  const padded = String(date.getDate()).padStart(2)
  const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`
  const time = `${minutes}:${two(date.getSeconds())}`
  const short = weekday.slice(0, 3)

  switch (format) {
    case 'ansic':
      return `${short} ${month} ${padded} ${time} ${year}`
    case 'unixdate':
      return `${short} ${month} ${padded} ${time} ${zone(date)} ${year}`
    case 'rubydate':
      return `${short} ${month} ${day} ${time} ${offset(date, '')} ${year}`
    case 'rfc822':
      return `${day} ${month} ${year.slice(-2)} ${minutes} ${zone(date)}`
    case 'rfc822z':
      return `${day} ${month} ${year.slice(-2)} ${minutes} ${offset(date, '')}`
    case 'rfc850':
      return `${weekday}, ${day}-${month}-${year.slice(-2)} ${time} ${zone(date)}`
    case 'rfc1123':
      return `${short}, ${day} ${month} ${year} ${time} ${zone(date)}`
    case 'rfc1123z':
      return `${short}, ${day} ${month} ${year} ${time} ${offset(date, '')}`
    case 'rfc3339':
      return `${year}-${two(date.getMonth() + 1)}-${day}T${time}${offset(date, ':')}`
    case 'rfc3339nano': {
      const digits = fraction(ms, 9).replace(/0+$/, '')
      return `${year}-${two(date.getMonth() + 1)}-${day}T${time}${digits && `.${digits}`}${offset(date, ':')}`
    }
    case 'kitchen':
      return `${date.getHours() % 12 || 12}:${two(date.getMinutes())}${date.getHours() < 12 ? 'AM' : 'PM'}`
    case 'stamp':
      return `${month} ${padded} ${time}`
    case 'stampmilli':
      return `${month} ${padded} ${time}.${fraction(ms, 3)}`
    case 'stampmicro':
      return `${month} ${padded} ${time}.${fraction(ms, 6)}`
    case 'stampnano':
      return `${month} ${padded} ${time}.${fraction(ms, 9)}`
  }
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

function two(number: number): string {
  return String(number).padStart(2, '0')
}

/** The fraction of the second in so many digits. The clock knows microseconds; what is finer is 0. */
function fraction(ms: number, digits: number): string {
  const micros = Math.floor((ms % 1000) * 1000)
  return String(micros).padStart(6, '0').padEnd(9, '0').slice(0, digits)
}

/** `+0100`, or `+01:00`; in the latter form no offset is `Z`. */
function offset(date: Date, separator: '' | ':'): string {
  const minutes = -date.getTimezoneOffset()
  if (minutes === 0 && separator === ':') return 'Z'
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${separator}${two(size % 60)}`
}

/** The abbreviation of the zone, such as `CET`; its offset where there is none. */
function zone(date: Date): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' }).formatToParts(date)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? offset(date, '')
}
