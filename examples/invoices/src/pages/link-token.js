// The token of a link stands in the fragment, which the browser keeps to itself. Opening the page does nothing with it:
// mail scanners open links too.
const token = new URLSearchParams(location.hash.slice(1)).get('token')
history.replaceState(null, '', location.pathname)

/** What to post beside the fields of a form: the token, where a link has led here. */
export const proof = token === null ? {} : { token }
