import { describe, it } from 'node:test'
import { testStore } from '@latchkey/core/testing'
import { memoryStore } from '@latchkey/memory-store'

testStore('memoryStore', memoryStore, { describe, it })
