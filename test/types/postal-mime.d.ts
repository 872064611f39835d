// Its own declarations want the types of a browser.
interface Address {
  readonly name: string
  readonly address?: string
}

export interface Email {
  readonly headers: readonly { readonly key: string; readonly value: string }[]
  readonly from?: Address
  readonly to?: readonly Address[]
  readonly bcc?: readonly Address[]
  readonly subject?: string
  readonly text?: string
  readonly html?: string
}

declare const PostalMime: { parse(email: Uint8Array): Promise<Email> }
export default PostalMime
