/** How many accounts are written as text: comma-separated values (RFC 4180), or a JSON object on each line. */
export type TransferFormat = 'csv' | 'ndjson'
