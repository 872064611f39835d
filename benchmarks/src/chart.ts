/** A bar of a chart. */
export interface Bar {
  readonly name: string
  readonly value: number
  /** Stands at its end. */
  readonly label: string
  readonly isOurs: boolean
}

const WIDTH = 760
const NAMES = 290
const LABELS = 90
const ROW = 26
const TOP = 44

/** A bar chart as SVG, readable on light and on dark pages. The longest bar is `full` long. */
export function barChart(title: string, bars: readonly Bar[], full: number): string {
  const height = TOP + bars.length * ROW + 12
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">`,
    '<style>text { font: 13px system-ui, sans-serif; fill: #1f2328 } .title { font-weight: 600; font-size: 15px }',
    '.ours { fill: #1a7f5a } .other { fill: #8c959f }',
    '@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .ours { fill: #3fb98a } .other { fill: #6e7681 } }</style>',
    `<text class="title" x="8" y="24">${escaped(title)}</text>`,
    ...bars.map((bar, row) => barAt(TOP + row * ROW, bar, full)),
    '</svg>',
    '',
  ].join('\n')
}

function barAt(y: number, { name, value, label, isOurs }: Bar, full: number): string {
  const length = Math.max(1, ((WIDTH - NAMES - LABELS) * value) / full).toFixed(1)
  const end = (NAMES + Number(length) + 8).toFixed(1)
  return [
    `<text x="${NAMES - 10}" y="${y + 14}" text-anchor="end">${escaped(name)}</text>`,
    `<rect class="${isOurs ? 'ours' : 'other'}" x="${NAMES}" y="${y}" width="${length}" height="18" rx="2"/>`,
    `<text x="${end}" y="${y + 14}">${escaped(label)}</text>`,
  ].join('')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
