/** Who may see or change a member of the profile: the owner of the account and administrators, or administrators alone. */
export type ProfileAudience = 'owner' | 'administrator'

/** Who may do what with one member of the profile. */
export interface ProfileRule {
  /** @default 'owner' */
  readonly read?: ProfileAudience | undefined
  /** @default 'owner' */
  readonly write?: ProfileAudience | undefined
}

/** Rules for members of the profile, by name. A member without a rule belongs to its owner. */
export type ProfileRules = Readonly<Record<string, ProfileRule>>
