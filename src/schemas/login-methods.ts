import type { LoginMethod } from "../contract/factors.ts";
import type { AddressKind } from "../contract/identifiers.ts";
import { type Err, err } from "../result.ts";
import type { OfferedWays } from "../storage/ways-in.ts";

/** The part of the dependencies that says how users sign in. */
export interface Offer {
  config: { LOGIN_METHODS: LoginMethod[] };
}

interface Ways extends Offer {
  config: Offer["config"] & { IDENTITY_PROVIDERS: { id: string }[] };
}

/** Says what signs a user in without anything else. */
export const offeredWays = ({ config }: Ways): OfferedWays => ({
  methods: config.LOGIN_METHODS,
  providers: config.IDENTITY_PROVIDERS.map(({ id }) => id),
});

/** Tests whether users can sign in by this method. */
export const offers = ({ config }: Offer, method: LoginMethod): boolean => config.LOGIN_METHODS.includes(method);

/** The methods whose codes are sent to addresses. */
export const CODE_METHODS = { email: "email_code", phone: "phone_code" } as const satisfies Record<
  AddressKind,
  LoginMethod
>;

/** Tests whether a code to one of these addresses signs in. By default, to any. */
export const codeSignsIn = (deps: Offer, { email, phone } = { email: true, phone: true }): boolean =>
  (email && offers(deps, "email_code")) || (phone && offers(deps, "phone_code"));

/** Tests whether a code to a proven address signs this user in. */
export const signsInByCode = (
  deps: Offer,
  { emailVerifiedAt, phoneVerifiedAt }: { emailVerifiedAt: number | null; phoneVerifiedAt: number | null },
): boolean => codeSignsIn(deps, { email: emailVerifiedAt !== null, phone: phoneVerifiedAt !== null });

/**
 * Returns the error of acts that belong to methods none of which `LOGIN_METHODS` lists. The acts
 * ask, so that no entry point can forget it. Errors: `not_found`.
 */
export const refuseMethod = (deps: Offer, ...methods: LoginMethod[]): Err | undefined =>
  methods.some((method) => offers(deps, method))
    ? undefined
    : { ...err("not_found"), detail: `\`LOGIN_METHODS\` does not list \`${methods.join("` or `")}\`.` };
