import { runDemo } from '@latchkey/example-invoices'
import { application } from './application.ts'

await runDemo(application)
