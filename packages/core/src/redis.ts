import type { RevocationPush } from './revocation-push.ts'

/** What is used of a client of ioredis. */
export interface RedisClient {
  /** Sends a message to a channel. */
  publish(channel: string, message: string): Promise<unknown>
  /** Another connection with the same settings. */
  duplicate(): RedisSubscriber
}

/** What is used of the connection that listens. */
export interface RedisSubscriber {
  subscribe(channel: string): Promise<unknown>
  on(event: 'ready' | 'message', listener: () => void): unknown
  on(event: 'error', listener: (error: unknown) => void): unknown
  disconnect(): void
  readonly stream?: { unref?(): unknown }
}

/**
 * Tells all nodes by Redis publish/subscribe that something was revoked: `revocation: { push: redisPush(redis) }` with a
 * client of ioredis, of which it makes one more connection.
 *
 * @param channel One for each application on the server. @default 'latchkey'
 */
export function redisPush(redis: RedisClient, channel: string = 'latchkey'): RevocationPush {
  return {
    announce: () => redis.publish(channel, ''),
    listen(wake, failed) {
      const subscriber = redis.duplicate()
      subscriber.on('error', failed)
      subscriber.on('message', wake)
      // Connected, for the first time or anew: who knows what was missed meanwhile. ioredis subscribes anew itself.
      subscriber.on('ready', () => {
        subscriber.stream?.unref?.()
        wake()
      })
      subscriber.subscribe(channel).catch(failed)
      return async () => subscriber.disconnect()
    },
  }
}
