import { describe, it } from 'node:test'
import { testFlows } from '@latchkey/core/testing'
import { memoryStore } from '@latchkey/memory-store'

testFlows('memoryStore', memoryStore, { describe, it })
