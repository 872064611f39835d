/**
 * Secrets of 32 bytes and more that standards, documentations and tutorials print, and that many programs use as they
 * stand there. Collected by hand, and each found in many public repositories; what says by its words that it is an
 * example is refused without a list.
 */
export const PRINTED_SECRETS: ReadonlySet<string> = new Set([
  // RFC 7515, appendix A.1, and RFC 7520, section 3.5
  'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
  'hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg',
  // The documentation of FastAPI
  '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7',
  // Tutorials of Spring Security
  '404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970',
  '404E635266556A586E3272357538782F413F4428472B4B6250645367566B597033733676397924422645294840',
  '3cfa76ef14937c1c0ea519f8fc057a80fcd04a7420f8e8bcd0a7567c272e007b',
  // Tutorials of ASP.NET
  'ByYM000OLlMQG6VVVp1OH7Xzyr7gHuw1qvUC5dcGt3SNM',
  'Yh2k7QSu4l8CZg5p6X3Pna9L0Miy4D3Bvt0JVr87UcOj69Kqw5R2Nmf4FWs03Hdx',
  'db3OIsj+BXE9NZDy0t8W3TcNekrF+2d/1sFnWG4HnV8TZY30iTOdtVWJG8abWvB1GlOgJuQZdcF2Luqm/hccMw==',
  // The defaults of Dify and of PostgREST's tutorial
  'sk-9f73s3ljTXVcMT3Blb3ljTqtsKiGHXVcMT3BlbkFJLK7U',
  'reallyreallyreallyreallyverysafe',
])
