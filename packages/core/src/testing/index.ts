export {
  type FailingStore,
  type FailureMoment,
  failingStore,
  StoreFailure,
} from './failing-store.ts'
export { type FakeClock, fakeClock } from './fake-clock.ts'
export type { ServedHost, ServeHost } from './host/stage.ts'
export { createOutbox, type Outbox } from './outbox.ts'
export type { TestRunner } from './runner.ts'
export { testFlows } from './test-flows.ts'
export { type HostUnderTest, testHost } from './test-host.ts'
export { testStore } from './test-store.ts'
export { weakPasswords } from './weak-passwords.ts'
