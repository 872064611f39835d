// What is used of it. Its own declarations need the types of a browser.
interface Parsed<Row> {
  readonly data: Row[]
  readonly errors: readonly unknown[]
}

declare const Papa: {
  parse<Row>(
    text: string,
    options: { readonly header?: boolean; readonly skipEmptyLines?: boolean },
  ): Parsed<Row>
}
export default Papa
