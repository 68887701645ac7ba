import type { ClientActs } from "./client-steps.ts";
import type { KeyActs } from "./key-steps.ts";
import type { Actor, Person } from "./people.ts";
import type { AddressClaim, Provider } from "./upstreams.ts";

/** Names a token that a person holds. */
export interface ByToken {
  /** The number of the session, newest first. */
  session?: number;
  /** The number of that session's token, newest first: 1 is the one before the last refresh. */
  age?: number;
}

/** A proof of a second factor, or an attempt at one. */
export interface BySecondFactor {
  by: "app" | "code" | "passkey";
  /** The n-th code or passkey of those that the person holds. */
  n?: number;
  /** A code of the app's next step. */
  later?: boolean;
  /** A wrong code; a passkey whose authenticator does not verify its user. */
  guess?: boolean;
  /** The same recovery code or response as the last time. */
  replay?: boolean;
  /** The same request twice, at once. */
  twice?: boolean;
}

/** Sent with a proof at the second step of a sign-in. */
interface Trusting {
  trust?: boolean;
}

/** Sends a request for a second factor at sign-in with the n-th newest login token. */
interface ByLoginToken {
  token?: number;
}

/** A code that was sent to the person: the n-th newest of those for this purpose. */
interface ByCode {
  letter?: number;
  /** A code for another purpose than the one it is typed for. */
  of?: "verification" | "password-reset-code" | "email-change" | "reauthentication-code" | "login-code";
  /** This number of wrong codes instead. */
  guesses?: number;
}

/** The parameters of each act. Numbers pick from lists, newest first. */
export interface Acts extends ClientActs, KeyActs {
  register: { email?: string; phone?: string; username?: string };
  /** Types a wrong code instead, if `guess`. */
  verify: { letter?: number; guess?: string };
  resend: { identifier: string };
  forgot: { identifier: string };
  requestCode: { identifier: string };
  resetByLink: { letter?: number };
  resetByCode: { letter?: number; guess?: string };
  release: { letter?: number };
  /** Requests a code and a link to sign in. */
  requestLoginCode: { identifier: string };
  /** Types a code for its address or for this identifier, here or in another browser. */
  typeLoginCode: ByCode & { identifier?: string; elsewhere?: boolean };
  /** Opens the n-th newest link, here or in another browser; or a link in a stranger's mail. */
  openLoginLink: { letter?: number; elsewhere?: boolean; from?: "stranger" };
  requestReauthenticationCode: ByToken;
  reauthenticateByCode: ByToken & ByCode;
  /** After a login that needs a second factor. */
  secondStep: BySecondFactor & Trusting;
  loginByPasskey: Omit<BySecondFactor, "by">;
  login: { identifier: string; password?: number; wrong?: boolean };
  refresh: ByToken;
  logout: ByToken & { scope: "local" | "others" | "global"; by: "access" | "refresh" };
  me: ByToken;
  page: ByToken & { path: string };
  patch: ByToken & { username?: string; locale?: string };
  changePassword: ByToken & { prove: boolean };
  removePassword: ByToken & { prove: boolean };
  /** By the password, if there is no `by`. */
  reauthenticate: ByToken & Partial<BySecondFactor>;
  /** After a login that needs a new second factor: starts an app and confirms it. */
  enrollApp: ByLoginToken & { half?: boolean };
  /** Confirms the n-th newest app that the person started and did not confirm. */
  confirmEnrollment: ByLoginToken & { n?: number };
  /** Adds a passkey; with `half` without the last request, with `late` only that one. */
  enrollPasskey: ByLoginToken & { half?: boolean; late?: boolean };
  /** Ends the trust in the n-th device of the list. */
  distrust: ByToken & { n?: number };
  /** Cancels the removal of the second factors. */
  keepFactors: ByToken;
  /** Starts an app and confirms it with a right code. */
  addApp: ByToken & { prove: boolean; half?: boolean };
  /** Confirms the n-th newest app that the person started and did not confirm. */
  confirmApp: ByToken & { n?: number };
  removeApp: ByToken & { prove: boolean };
  renewCodes: ByToken & { prove: boolean };
  addPasskey: ByToken & { prove: boolean };
  removePasskey: ByToken & { n?: number; prove: boolean };
  startAtProvider: { provider: Provider };
  /** Comes back from the n-th newest start of the person. */
  comeBack: {
    n?: number;
    /** The second account of the person at the provider. */
    account?: number;
    claims?: AddressClaim;
    /** To the callback of this provider. */
    at?: Provider;
    /** The start is that of this person. */
    from?: Person;
    /** The provider vouches for this person. */
    by?: Person;
    /** The code is one for another start of the person whom the provider vouches for. */
    injected?: boolean;
    /** The same request twice, at once. */
    twice?: boolean;
    /** The browser has the newest session. */
    signedIn?: boolean;
  };
  /** Asks for a link to a provider; with `half`, without going there. */
  startLink: ByToken & { provider: Provider; prove: boolean; half?: boolean };
  /** Goes to the provider by the newest link that the person asked for, or this one did. */
  followLink: ByToken & { from?: Person };
  /** After a sign-in: links the identity that has the address of the account. */
  confirmLink: ByToken & { prove: boolean };
  unlink: ByToken & { n?: number; prove: boolean };
  requestChange: ByToken & { address: string; prove: boolean };
  confirmChange: ByToken & { letter?: number };
  removeAddress: ByToken & { kind: "email" | "phone"; prove: boolean };
  sessions: ByToken;
  events: ByToken;
  endSession: ByToken & { other?: number };
  deleteAccount: ByToken & { prove: boolean };
  /** Copies the tokens of a person. */
  steal: ByToken & { from: "owner" | "user" };
  /** Copies the newest password of a person, a recovery code, or the device token. */
  copySecret: { from: "owner" | "user"; what: "password" | "code" | "device" };
  /** An administrator's act on the account with this identifier. */
  administer: {
    identifier: string;
    what: "sendResetLink" | "endSessions" | "disableUser" | "enableUser" | "voidPassword" | "deleteUser";
  };
  /** An administrator gives or takes the role that needs a second factor. */
  setRoles: { identifier: string; isStaff?: boolean };
  /** An administrator asks for the removal of lost second factors, or cancels it. */
  removeFactors: { identifier: string; cancel?: boolean };
  /** Stands for many wrong codes at the second step: one more is the hundredth. */
  wearOut: { identifier: string };
  wait: { seconds: number };
  schedule: Record<never, never>;
  /** Delivers what is queued, in scenarios whose queue is slow. */
  deliver: Record<never, never>;
}

export type ActName = keyof Acts;
export type Single = { [Name in ActName]: { who: Actor; act: Name } & Acts[Name] }[ActName];
export type StepOf<Name extends ActName> = Extract<Single, { act: Name }>;

/** A call of a binding that fails, counted from the beginning of the step. */
export interface Fault {
  binding: "DB" | "DENYLIST" | "MESSAGES" | "UPSTREAM";
  call: number;
  /** The call takes effect, and its answer is lost. */
  afterEffect: boolean;
}

/** One act, two at once, or one during which a binding fails. */
export type Step = Single | { both: [Single, Single] } | { fault: Fault; step: Single };

/** Plain data, so that it can be printed, kept in a file and replayed. */
export interface Scenario {
  /** Messages wait in the queue for a step `deliver`; by default they arrive at once. */
  slowQueue?: boolean;
  /** MFA_POLICY is `required`. By default it is required for staff. */
  policy?: boolean;
  /** LOGIN_METHODS is `email_code`, so that codes sign up. By default it lists all methods. */
  codesOnly?: boolean;
  /** LOGIN_METHODS is `passkey`, so that identity providers sign up. */
  providersOnly?: boolean;
  steps: Step[];
  /** At the end the owner tries to get back in. */
  rescue?: boolean;
  /** The same, while a stranger goes on. */
  siege?: boolean;
}

export const singlesOf = (step: Step): Single[] => {
  if ("both" in step) return step.both;
  return "fault" in step ? [step.step] : [step];
};

/** One line that a person can read. */
export function describeStep(step: Step): string {
  if ("both" in step) return `at once: ${step.both.map(describeStep).join(" and ")}`;
  if ("fault" in step) {
    const { binding, call, afterEffect } = step.fault;
    return `${describeStep(step.step)} while call ${call} of ${binding} fails${afterEffect ? " after its effect" : ""}`;
  }
  const { who, act, ...rest } = step;
  const fields = Object.entries(rest).map(([name, value]) => `${name}=${value}`);
  return [who, act, ...fields].join(" ");
}
