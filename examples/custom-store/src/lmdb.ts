import { createRequire } from 'node:module'

type Lmdb = typeof import('lmdb', { with: { 'resolution-mode': 'require' }})

export type RootDatabase = import('lmdb', { with: { 'resolution-mode': 'require' }}).RootDatabase

export type Database<Value> = import('lmdb', { with: { 'resolution-mode': 'require' }}).Database<
  Value,
  Uint8Array
>

/** Its types are right for `require` only. Where TypeScript skips the types of libraries, import it as usual. */
export const { open }: Lmdb = createRequire(import.meta.url)('lmdb')
