import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import { csvFile, type FilePlan } from './rows.ts'

/** What a job took. */
export interface JobResult {
  readonly accounts: number
  readonly seconds: number
  /** Megabytes that the process held before, and at the most. */
  readonly before: number
  readonly peak: number
}

/** Runs a job in a process of its own. */
export async function runJob(job: string, url: string, plan: FilePlan): Promise<JobResult> {
  const child = startJob(job, url, plan)
  const [result] = await once(child, 'message')
  await once(child, 'exit')
  return result
}

/** What came of an upload. */
export interface UploadResult extends JobResult {
  readonly megabytes: number
  /** What the import told. */
  readonly report: {
    readonly created: number
    readonly refused: number
    readonly complete: boolean
  }
}

/** Sends the file of the plan to a server in a process of its own. */
export async function runUpload(url: string, plan: FilePlan): Promise<UploadResult> {
  const child = startJob('upload', url, plan)
  const [server] = await once(child, 'message')
  let bytes = 0
  async function* counted() {
    for await (const chunk of csvFile(plan)) {
      bytes += chunk.length
      yield chunk
    }
  }
  const headers = { authorization: `Bearer ${server.accessToken}`, 'content-type': 'text/csv' }
  const sending = request(server.url, { method: 'POST', headers })
  Readable.from(counted()).pipe(sending)
  const [answer] = await once(sending, 'response')
  const report = (await json(answer)) as UploadResult['report']
  child.send(report.created)
  const [result] = await once(child, 'message')
  await once(child, 'exit')
  return { ...result, megabytes: bytes / 1e6, report }
}

function startJob(job: string, url: string, plan: FilePlan): ChildProcess {
  return fork(`${import.meta.dirname}/job.ts`, [job, url, JSON.stringify(plan)], {
    env: { ...process.env, NODE_ENV: 'production' },
  })
}
