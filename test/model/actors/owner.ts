/** A person who uses their own account, and sometimes mistypes a number when they register. */
import fc from "fast-check";
import { type Person, REACHABLE } from "../people.ts";
import {
  by,
  type Command,
  command,
  letter,
  loginToken,
  newest,
  scope,
  secondFactor,
  some,
  step,
  token,
} from "./commands.ts";

const LOCALES = fc.stringMatching(/^[a-z]{2}(-[A-Za-z]{1,4})?$/);
const PAGES = ["/account", "/account/profile", "/account/activity", "/account/sessions"];

export function ownerCommands(who: Person): Command[] {
  const { emails, phones, username } = REACHABLE[who];
  const [email, newEmail] = emails;
  const [phone, newPhone] = phones;
  const mistyped = REACHABLE.stranger.phones[0];
  const identifier = some(email, email, phone, username);
  const address = some(email, email, phone);
  const registration = {
    email: some(email, email, newEmail),
    phone: some("", phone, mistyped),
    username: some("", username),
  };
  const signIn = step(who, "login", { identifier, password: fc.constant(0), wrong: fc.constant(false) });
  const secondStep = step(who, "secondStep", secondFactor());
  const rightStep = step(who, "secondStep", { by: some("app", "passkey") });
  const wrongStep = step(who, "secondStep", { by: some("app"), guess: fc.constant(true) });
  const trustingStep = step(who, "secondStep", { by: some("app", "passkey"), trust: fc.constant(true) });
  const wearOut = step("service", "wearOut", { identifier: some(email) });
  const yes = fc.constant(true);
  const enrollApp = step(who, "enrollApp", loginToken());
  const enrollPasskey = step(who, "enrollPasskey", loginToken());
  const halfEnrolled = fc.oneof(
    step(who, "enrollApp", { ...loginToken(), half: yes }),
    step(who, "enrollPasskey", { ...loginToken(), half: yes }),
  );
  const latePasskey = step(who, "enrollPasskey", { ...loginToken(), late: yes });
  const removeLast = fc.oneof(step(who, "removeApp", { prove: yes }), step(who, "removePasskey", { prove: yes }));
  const { by: _, ...passkey } = secondFactor();
  const proving = { ...newest(), prove: fc.boolean() };
  const reauthenticate = step(who, "reauthenticate", { ...newest(), ...secondFactor() });
  const addApp = step(who, "addApp", { ...proving, half: fc.constant(false) });
  const half = step(who, "addApp", { ...proving, half: fc.constant(true) });
  const pause = step("service", "wait", { seconds: some(31) });
  const mailedReset = [
    pause,
    step(who, "forgot", { identifier: some(email) }),
    step(who, "resetByLink", { letter: fc.constant(0) }),
    step(who, "login", { identifier: some(email), password: fc.constant(0), wrong: fc.constant(false) }),
    secondStep,
  ];
  return [
    command(
      3,
      step(who, "register", registration),
      step(who, "verify", { letter: fc.constant(0) }),
      signIn,
      secondStep,
    ),
    command(2, step(who, "register", registration)),
    command(1, step(who, "resend", { identifier: address }), step(who, "verify", letter())),
    command(1, step(who, "verify", letter())),
    command(2, signIn),
    command(4, signIn, secondStep),
    command(2, signIn, pause, secondStep),
    command(2, pause, secondStep),
    command(2, step(who, "loginByPasskey", passkey)),
    command(3, signIn, pause, trustingStep, signIn),
    command(1, signIn, pause, trustingStep, step("service", "wait", { seconds: some(172_700, 172_800) }), signIn),
    command(2, signIn, pause, trustingStep, step(who, "distrust", { ...newest(), n: fc.constant(0) }), signIn),
    command(1, signIn),
    command(
      1,
      signIn,
      pause,
      trustingStep,
      signIn,
      step("administrator", "removeFactors", { identifier: some(email) }),
      step(who, "keepFactors", newest()),
    ),
    command(1, signIn, fc.oneof(enrollApp, enrollPasskey), removeLast),
    command(
      2,
      signIn,
      wearOut,
      wrongStep,
      step("service", "wait", { seconds: some(31, 910, 90_000) }),
      signIn,
      rightStep,
    ),
    command(1, wearOut, step("service", "wait", { seconds: some(31, 90_000) }), signIn, wrongStep),
    command(1, step(who, "distrust", { ...newest(), n: fc.nat(1) }), signIn),
    command(3, signIn, fc.oneof(enrollApp, enrollPasskey)),
    command(1, signIn, halfEnrolled),
    command(1, step(who, "confirmEnrollment", { ...loginToken(), n: fc.nat(1) })),
    command(1, latePasskey),
    command(1, step(who, "keepFactors", token())),
    command(3, addApp),
    command(1, half, step(who, "confirmApp", { ...token(), n: fc.nat(1) })),
    command(1, half),
    command(1, step(who, "confirmApp", { ...token(), n: fc.nat(1) })),
    command(3, step(who, "addPasskey", proving)),
    command(1, step(who, "renewCodes", proving)),
    command(1, step(who, "removeApp", { ...token(), prove: fc.boolean() })),
    command(1, step(who, "removePasskey", { ...token(), n: fc.nat(1), prove: fc.boolean() })),
    command(2, reauthenticate, step(who, "removeApp", proving)),
    command(2, reauthenticate, step(who, "removePasskey", { ...proving, n: fc.nat(1) })),
    command(1, reauthenticate),
    command(1, step(who, "login", { identifier, password: fc.nat(2), wrong: fc.boolean() })),
    command(4, ...mailedReset),
    command(1, step(who, "forgot", { identifier })),
    command(1, step(who, "resetByLink", letter())),
    command(
      1,
      pause,
      step(who, "requestCode", { identifier: address }),
      step(who, "resetByCode", letter()),
      signIn,
      secondStep,
    ),
    command(1, step(who, "resetByCode", letter())),
    command(4, step(who, "refresh", token())),
    command(4, step(who, "logout", { ...token(), scope, by })),
    command(1, step(who, "me", token())),
    command(1, step(who, "page", { ...newest(), path: some(...PAGES) })),
    command(1, step(who, "patch", { ...newest(), locale: LOCALES })),
    command(1, step(who, "patch", { ...newest(), username: some(username, `${username}2`) })),
    command(3, step(who, "changePassword", { ...token(), prove: fc.boolean() })),
    command(2, step(who, "reauthenticate", token())),
    command(
      2,
      step(who, "requestChange", { ...newest(), address: some(newEmail, newPhone, email, phone), prove: fc.boolean() }),
      step(who, "confirmChange", { ...newest(), letter: fc.constant(0) }),
    ),
    command(1, step(who, "confirmChange", { ...token(), ...letter() })),
    command(1, step(who, "removeAddress", { ...newest(), kind: some("email", "phone"), prove: fc.boolean() })),
    command(1, step(who, "sessions", token())),
    command(1, step(who, "events", token())),
    command(1, step(who, "endSession", { ...newest(), other: fc.nat(3) })),
    command(1, step(who, "deleteAccount", { ...newest(), prove: fc.boolean() })),
    command(1, step(who, "release", letter()), step(who, "register", registration)),
  ];
}
