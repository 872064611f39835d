#!/usr/bin/env node
// node scripts/test-results.mjs <file>
//
// Reads the results that vitest's JSON reporter wrote. Names what failed or was skipped on stderr, prints
// "N passed, N failed" as its only line on stdout, and exits 1 unless everything ran and passed.
import { readFileSync } from 'node:fs'

const files = read(process.argv[2])
const tests = files.flatMap((file) =>
  file.assertionResults.map((test) => ({ ...test, name: `${file.name} > ${test.fullName}` })),
)
const passed = tests.filter((test) => test.status === 'passed')
const failed = tests.filter((test) => test.status === 'failed')
const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed')
// A file that fails on import, or whose hooks fail, may hold no failed test.
const broken = files.filter(
  (file) =>
    file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
)

for (const { name } of [...failed, ...broken]) console.error(`failed: ${name}`)
for (const { name } of skipped) console.error(`skipped: ${name}`)
const failures = failed.length + broken.length
console.log(`${passed.length} passed, ${failures} failed`)
if (failures > 0 || skipped.length > 0 || passed.length === 0) process.exitCode = 1

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).testResults
  } catch (error) {
    return [{ name: `no test results (${error.message})`, status: 'failed', assertionResults: [] }]
  }
}
