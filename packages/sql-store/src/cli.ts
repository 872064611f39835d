#!/usr/bin/env node
import { runCommand } from './command.ts'

// Who read what we write has left, as `head` does: what a signal would do (128 + SIGPIPE).
process.stdout.on('error', () => process.exit(141))

process.exitCode = await runCommand(process.argv.slice(2), process.env, process)
