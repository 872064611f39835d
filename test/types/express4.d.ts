// Express 4 stands beside Express 5 under an alias. The tests use what both have, so one set of types does.
export { default } from 'express'
