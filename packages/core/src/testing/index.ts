export { type FakeClock, fakeClock } from './fake-clock.ts'
export { createOutbox, type Outbox } from './outbox.ts'
export { weakPasswords } from './weak-passwords.ts'
