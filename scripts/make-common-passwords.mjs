#!/usr/bin/env node
// node scripts/make-common-passwords.mjs <passwords.json>
//
// Writes packages/core/src/common-passwords.ts from the password dictionary of the npm package
// @zxcvbn-ts/language-common (MIT): every entry of at least 8 printable ASCII characters, lower-cased.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'

const target = fileURLToPath(new URL('../packages/core/src/common-passwords.ts', import.meta.url))
const words = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const chosen = new Set(
  words.filter((word) => /^[\x20-\x7e]{8,}$/.test(word)).map((word) => word.toLowerCase()),
)
const packed = brotliCompressSync([...chosen].sort().join('\n')).toString('base64')
const source = readFileSync(target, 'utf8')
writeFileSync(target, source.replace(/(const PACKED =\s*)'[^']*'/, `$1'${packed}'`))
console.log(`${chosen.size} passwords, ${packed.length} bytes`)
