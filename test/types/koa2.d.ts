// Koa 2 stands beside Koa 3 under an alias. The tests use what both have, so one set of types does.
export { default } from 'koa'
