/** The pictures of which `test/scripts/looks` has references. */
import { SHAPES, type View } from "./pictures.ts";

/** The page states whose looks are kept. The others have the same parts. */
const STATES = [
  "sign-in",
  "sign-in-refused",
  "sign-up",
  "sign-up-refused",
  "second-factor-refused",
  "verify-sent",
  "verify-required",
  "forgot",
  "forgot-resent",
  "reset-code-refused",
  "reset-link",
  "reset-link-dead",
  "sign-out",
  "signed-out",
  "account",
  "account-unverified",
  "account-pending",
  "app-confirm",
  "codes",
  "profile",
  "email-refused",
  "email-confirm",
  "password",
  "sessions",
  "activity",
  "delete",
  "not-found",
  "misconfigured",
  "outbox",
  "mail-password-reset-link",
  "mail-verification",
  "mail-password-changed",
  "mail-account-deleted",
];
const PHONE = { width: 390, height: 844 };

export interface Picture {
  name: string;
  path: string;
  viewport: { width: number; height: number };
  /** Default: half of its size. */
  scale?: number;
  /** How the page is changed and compared. Default: as it is, with its text. */
  view?: View;
}

/** The gallery down to its danger zone. Text changes more often than the parts that it is in. */
const GALLERY = { path: "/dev/pages", viewport: { width: 390, height: 3336 } };
export const PICTURES: Picture[] = [
  { name: "gallery", ...GALLERY },
  { name: "gallery-shapes", ...GALLERY, scale: 1, view: SHAPES },
  { name: "gallery-wide", path: "/dev/pages", viewport: { width: 1280, height: 2920 }, scale: 1 / 4 },
  { name: "account-whole", path: "/dev/pages/account-few-codes", viewport: { width: 390, height: 1600 }, scale: 1 / 4 },
  { name: "account-wide", path: "/dev/pages/account", viewport: { width: 1280, height: 844 }, scale: 1 / 4 },
  ...STATES.map((name) => ({ name, path: `/dev/pages/${name}`, viewport: PHONE })),
];
