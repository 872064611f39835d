/** A Markdown table; the columns after the first hold figures. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'))
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en')
}

export function percent(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(1)} %`
}
