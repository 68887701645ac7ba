/** What a mail says. No name that a user chose is in it. */
interface MailWording {
  subject: string;
  paragraphs: string[];
}

/** The same as a text too, in short. */
export interface Wording extends MailWording {
  text: string;
}

interface CodeValues {
  /** The host that the code is for. */
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

type Say<Values> = (values: Values) => Wording;

/** Everything that is said in one language. A team adds a language by a file that says all of this, and a line in
 *  `locales.ts`. */
export interface Words {
  resetLink(values: LinkValues): MailWording;
  resetCode: Say<CodeValues>;
  verificationCode: Say<CodeValues>;
  /** For the new address of an account. */
  addressChangeCode: Say<CodeValues>;
  /** To the owner of an address that somebody tried to open or move another account to. */
  addressTaken: Say<{ site: string }>;
  passwordChanged: Say<NoticeValues>;
  emailChanged: Say<NoticeValues>;
  phoneChanged: Say<NoticeValues>;
  refreshTokenReused: Say<NoticeValues>;
  /** The plain page that a reset link opens. */
  resetPage: {
    title: string;
    newPassword: string;
    repeatPassword: string;
    submit: string;
    done: string;
    invalidLink: string;
    refusedPassword: string;
    busy: string;
  };
}
