const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'", // no script in the pages themselves: an injected one does not run
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'", // the forms are sent by script
  "frame-ancestors 'none'",
].join('; ')

/** On every answer of the application. The answers under `/auth` bring their own, stricter ones. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}
