import type { ReadableStream } from 'node:stream/web'

// What is used of it. Its own declarations need the types of a browser.
export class Encrypter {
  setPassphrase(passphrase: string): void
  setScryptWorkFactor(logN: number): void
  encrypt(plain: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>>
}

export class Decrypter {
  addPassphrase(passphrase: string): void
  decrypt(sealed: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>>
  decrypt(sealed: Uint8Array, format: 'text'): Promise<string>
}
