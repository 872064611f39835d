export { english } from './messages/english.ts'
export { german } from './messages/german.ts'
export type { Language, MessageText } from './messages/language.ts'
