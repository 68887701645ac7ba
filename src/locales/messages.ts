/** A mail. No name that a user chose is in it. */
interface MailWording {
  subject: string;
  paragraphs: string[];
}

/** A message that is sent by mail, or as a short text to a phone. */
export interface Wording extends MailWording {
  text: string;
}

interface CodeValues {
  /** Host that the code is for. */
  site: string;
  code: string;
  minutes: number;
}

interface LinkValues {
  site: string;
  link: string;
  minutes: number;
}

interface NoticeValues {
  site: string;
  /** In Unix milliseconds. */
  at: number;
}

type Text<Values> = (values: Values) => Wording;

/** Wording of every mail and text. */
export interface MailMessages {
  resetLink(values: LinkValues): MailWording;
  resetCode: Text<CodeValues>;
  verificationCode: Text<CodeValues>;
  /** For the new address of an account. */
  addressChangeCode: Text<CodeValues>;
  /** For the owner of an address that someone tried to register or move to another account. */
  addressTaken: Text<{ site: string }>;
  passwordChanged: Text<NoticeValues>;
  emailChanged: Text<NoticeValues>;
  phoneChanged: Text<NoticeValues>;
  refreshTokenReused: Text<NoticeValues>;
}
