/**
 * What is accepted as the profile of an account: a zod object, or a schema of any other library that keeps to Standard
 * Schema (https://standardschema.dev). Its output must be JSON.
 */
export interface ProfileSchema<Profile extends object = object> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (
      value: unknown,
    ) => ProfileVerdict<Profile> | Promise<ProfileVerdict<Profile>>
    readonly types?: { readonly input: unknown; readonly output: Profile } | undefined
  }
}

/** A profile, or what is wrong with it. */
export type ProfileVerdict<Profile> =
  | { readonly value: Profile; readonly issues?: undefined }
  | { readonly issues: readonly ProfileIssue[] }

/** One thing that is wrong with a profile. */
export interface ProfileIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}
