import * as z from "zod/mini";
import { afterCommit } from "../../auth/after-commit.ts";
import { requireCaptcha } from "../../auth/captcha.ts";
import { newRecoveryCodes } from "../../auth/new-factors.ts";
import { creationOptions, verifyNewPasskey } from "../../auth/new-passkey.ts";
import { ceremonyOf } from "../../auth/passkeys.ts";
import type { Identifiers } from "../../contract/identifiers.ts";
import type * as contract from "../../contract/requests.ts";
import type { RegisteredUser } from "../../contract/user.ts";
import type { RegistrationOptionsJSON } from "../../contract/webauthn.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { CaptchaToken } from "../../schemas/captcha.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { exactlyOne } from "../../schemas/exactly-one.ts";
import { Email, Phone, refuseTaken, Username } from "../../schemas/identifier.ts";
import { refuseMethod } from "../../schemas/login-methods.ts";
import { clearable, optional } from "../../schemas/optional.ts";
import { Confirmation, isConfirmed, OptionalNewPassword, UNCONFIRMED } from "../../schemas/password.ts";
import { parsePhone } from "../../schemas/phone.ts";
import { hasAddress, hasItsContact, profileFields, toProfileEdit } from "../../schemas/profile.ts";
import { toUser } from "../../schemas/user.ts";
import { PasskeyName, RegistrationResponse } from "../../schemas/webauthn.ts";
import { createPasskeyUser } from "../../storage/registration.ts";
import { createUser, newUser, type UserRow } from "../../storage/users.ts";

const identifiers = { email: clearable(Email), phone: clearable(Phone), username: clearable(Username) };

/** The names for the new passkey. The browser shows one of them. */
export const RegisterOptions = z
  .strictObject(identifiers satisfies RequestFields<contract.RegisterOptions>)
  .check(hasAddress);

/** The fields of a registration, which may have neither a password nor a passkey. */
export const Registration = z
  .strictObject({
    ...identifiers,
    password: OptionalNewPassword,
    confirm_password: Confirmation,
    credential: optional(RegistrationResponse),
    passkey_name: optional(PasskeyName),
    turnstile_token: CaptchaToken,
    ...profileFields,
  } satisfies RequestFields<contract.Registration>)
  .check(hasAddress, hasItsContact);

export const Register = Registration.check(
  exactlyOne("password", "credential"),
  z.refine((body) => isConfirmed(body.password ?? "", body.confirm_password), UNCONFIRMED),
);

/** The input of a registration. */
export type Input = z.infer<typeof Register>;

/**
 * Creates the options of a passkey for a new account. Nothing is looked up, so they do not reveal
 * whether the identifiers are taken. The challenge contains the id that the account will have.
 *
 * Errors: those of `refuseMethod`; `invalid_request`.
 */
export async function registerOptions(
  deps: Deps,
  { email, phone, username }: z.infer<typeof RegisterOptions>,
): Promise<Result<RegistrationOptionsJSON>> {
  const off = refuseMethod(deps, "passkey");
  if (off) return off;
  const parsed = phone ? await parsePhone(phone, deps) : ok("");
  if (!parsed.ok) return parsed;

  const id = crypto.randomUUID();
  const user = { id, name: email ?? username ?? parsed.value };
  return ok(creationOptions(deps, { purpose: "sign-up", subject: id, user, signsInAlone: true }));
}

/** An account that was created, or that is said to be. */
interface SignUp {
  user: RegisteredUser;
  /** How the user has proven the credential of the account (RFC 8176). */
  amr: string[];
}

/**
 * Creates an account and requests a code for the preferred address.
 *
 * Errors: `email_taken`, `phone_taken` or `username_taken`, whose fields name every identifier that
 * belongs to another account; `invalid_request`; those of `refuseMethod` and `requireCaptcha`;
 * `overloaded`; `invalid_passkey` if the response is refused, or its challenge was used or has
 * expired; `passkey_exists`. If verification is required, a taken address is not revealed: the
 * answer is that of a new account, and the owner of the address is notified.
 */
export async function register(deps: Deps, input: Input): Promise<Result<RegisteredUser>> {
  const signedUp = await signUp(deps, input);
  return signedUp.ok ? ok(signedUp.value.user) : signedUp;
}

/** As `register`. Also returns what was proven, for the session of a browser. */
export async function signUp(deps: Deps, input: Input): Promise<Result<SignUp>> {
  const off = refuseMethod(deps, input.password === undefined ? "passkey" : "password");
  if (off) return off;
  const phone = input.phone ? await parsePhone(input.phone, deps) : ok(null);
  if (!phone.ok) return phone;

  const given = { ...input, phone: phone.value };
  const { password } = input;
  const created = await (password === undefined ? byPasskey(deps, given) : byPassword(deps, { ...given, password }));
  if (!created.ok) return created;
  const { user, taken, amr, codes } = created.value;
  const revealed = deps.config.REQUIRE_VERIFICATION ? taken.filter((kind) => kind === "username") : taken;
  const refused = refuseTaken(revealed);
  if (refused) {
    // Somebody else may have registered the address without proving it.
    for (const kind of revealed) {
      const identifier = { kind, value: user[kind] ?? "" };
      if (kind !== "username") deps.waitUntil(deps.enqueue({ kind: "address-release-link", identifier }));
    }
    return refused;
  }

  const [hidden] = taken;
  const kind = hidden ?? preferredKind(user);
  const identifier = { kind, value: user[kind] ?? "" };
  if (!hidden) afterCommit(deps, { event: "registered", userId: user.id });
  deps.waitUntil(deps.enqueue({ kind: hidden ? "address-taken" : "verification", identifier }));
  return ok({ user: { ...toUser(user), ...(codes && { recovery_codes: codes }) }, amr });
}

/** The result of creating an account. */
interface Creation {
  user: UserRow;
  /** The identifiers that belong to other accounts. If there are any, nothing was created. */
  taken: (keyof Identifiers)[];
  amr: string[];
  codes?: string[];
}

const newAccount = (deps: Deps, given: Input & { id?: string }) =>
  newUser(
    { id: given.id, email: given.email, phone: given.phone, username: given.username, ...toProfileEdit(given) },
    deps.now(),
  );

async function byPassword(deps: Deps, given: Input & { password: string }): Promise<Result<Creation>> {
  const { password } = given;
  const rejected =
    (await deps.passwords.rejectGuessable("password", password, given)) ??
    (await requireCaptcha(deps, "register", given.turnstile_token)) ??
    (await deps.passwords.rejectBreached("password", password));
  if (rejected) return rejected;
  const hash = await deps.passwords.hash(password);
  if (!hash.ok) return hash;

  const user = newAccount(deps, given);
  const taken = await createUser(deps.db, user, hash.value, deps.audit());
  return ok({ user, taken, amr: ["pwd"] });
}

async function byPasskey(deps: Deps, given: Input): Promise<Result<Creation>> {
  const { credential, passkey_name: name } = given;
  const ceremony = credential && ceremonyOf(deps, credential.response.clientDataJSON, "sign-up");
  if (!ceremony) return err("invalid_passkey");
  const { subject: userId, ...challenge } = ceremony.challenge;
  const added = await verifyNewPasskey(deps, credential, ceremony, { userId, name, signsInAlone: true });
  if (!added) return err("invalid_passkey");
  const rejected = await requireCaptcha(deps, "register", given.turnstile_token);
  if (rejected) return rejected;

  const { passkey, amr } = added;
  const user = newAccount(deps, { ...given, id: userId });
  const { recovery_codes: codes, digests } = newRecoveryCodes(deps, userId);
  const first = { passkey, digests, challenge };
  const { taken, refused } = await createPasskeyUser(deps.db, user, first, deps.audit());
  return refused ? err(refused) : ok({ user, taken, amr, codes });
}

const preferredKind = ({ contact, email }: UserRow) => contact ?? (email ? "email" : "phone");
