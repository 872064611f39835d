import { DatabaseSync } from 'node:sqlite'
import { testFlows, testStore } from '@latchkey/core/testing'
import { describe, it } from 'vitest'
import { documentStore } from '../src/document-store.ts'

const makeStore = () => documentStore(new DatabaseSync(':memory:'))

testStore('documentStore', makeStore, { describe, it })
testFlows('documentStore', makeStore, { describe, it })
