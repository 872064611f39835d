import { describeDemo } from '../../invoices/test/describe-demo.ts'
import { application } from '../src/application.ts'

describeDemo('Koa', application)
