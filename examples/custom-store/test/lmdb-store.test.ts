import { testFlows, testStore } from '@latchkey/core/testing'
import { describe, it, vi } from 'vitest'
import { lmdbStore } from '../src/lmdb-store.ts'
import { newFile } from './support/files.ts'

vi.setConfig({ testTimeout: 30_000 }) // every verb waits for the disk

const makeStore = () => lmdbStore({ path: newFile() })

testStore('lmdbStore', makeStore, { describe, it })
testFlows('lmdbStore', makeStore, { describe, it })
