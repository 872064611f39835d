import { takeTour } from '@latchkey/example-invoices'
import { application } from './application.ts'

await takeTour(application)
