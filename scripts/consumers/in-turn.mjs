/** Gives a function that runs tasks, only so many of them at a time, in the order in which they come. */
export function inTurn(limit) {
  const waiting = []
  let running = 0
  const next = () => {
    if (running >= limit || waiting.length === 0) return
    running += 1
    const { task, resolve, reject } = waiting.shift()
    task()
      .then(resolve, reject)
      .finally(() => {
        running -= 1
        next()
      })
  }
  return (task) =>
    new Promise((resolve, reject) => {
      waiting.push({ task, resolve, reject })
      next()
    })
}
