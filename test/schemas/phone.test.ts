import { env } from "cloudflare:workers";
import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { describe, expect, it } from "vitest";
import { findablePhone, type PhoneSettings, parsePhone } from "../../src/schemas/phone.ts";
import { toPlain } from "../../src/schemas/typed.ts";

const SMS_COUNTRIES = "DE AT CH GB US FR IT ES NO EG IR IN JP AU BR RU MX AR".split(" ");

const depsWith = (config: PhoneSettings) => ({ assets: env.ASSETS, config });

/** What people of each DEFAULT_COUNTRY type, by the number that they mean. */
const SPELLINGS: Record<string, Record<string, string[]>> = {
  DE: {
    "+4917639774040": [
      "0176 39774040",
      "+49 176 39774040",
      "＋４９１７６３９７７４０４０",
      "49 176 39774040",
      "0049 176/397-740-40",
      "011 49 176 39774040",
      "+49 (0)176 39774040",
      "(+49) 176.397.740.40",
      "(0)176 39774040",
      "++49 176 39774040",
      "+0049 176 39774040",
      "⁺49 176 39774040",
      "\u202a+49 176 39774040\u202c",
      "\u2068+49\u00a0176\u00a039774040\u2069",
      "\u200e+49 176 39774040\u200e",
      "+49\u2011176\u201339774040",
      "+٤٩ ١٧٦ ٣٩٧٧٤٠٤٠",
      "tel:+49-176-39774040",
      "tel:0176-39774040;phone-context=+49",
      "+49\t176\t39774040\t",
      "0176\n39774040\r\n",
      "+49 176 39774040,",
      "0176 39774040 ; ",
      "• 0176•39774040.",
    ],
    "+447400123456": ["＋44 7400 123456", "011 44 7400 123456", "0044 7400 123456", "44 7400 123456"],
  },
  AT: { "+436641234567": ["0664 1234567", "0043 664 1234567", "43 664 123 45 67"] },
  CH: { "+41781234567": ["078 123 45 67", "+41 (0)78 123 45 67", "0041781234567"] },
  GB: {
    "+447400123456": ["07400 123456", "+44 (0)7400 123456", "447400123456", "+4407400123456", "07400–123–456"],
    "+4917639774040": ["49 176 39774040"],
  },
  US: {
    "+12025550144": ["(202) 555-0144", "1-202-555-0144", "202.555.0144", "2025550144", "+1 202 555 0144"],
    "+447400123456": ["011 44 7400 123456", "00 44 7400 123456"],
  },
  FR: { "+33612345678": ["06 12 34 56 78", "+33 (0)6 12 34 56 78", "06.12.34.56.78", "0033612345678"] },
  IT: { "+393123456789": ["312 345 6789", "+39 312 3456789", "0039 312 3456789"] },
  ES: { "+34612345678": ["612 34 56 78", "34 612 345 678", "+34-612-34-56-78"] },
  NO: { "+4740612345": ["406 12 345", "+47 406 12 345", "4740612345"] },
  EG: { "+201012345678": ["٠١٠ ١٢٣٤ ٥٦٧٨", "+20 10 1234 5678", "00201012345678", "011 20 1012345678"] },
  IR: { "+989123456789": ["۰۹۱۲ ۳۴۵ ۶۷۸۹", "+۹۸ ۹۱۲ ۳۴۵ ۶۷۸۹", "0098 912 345 6789"] },
  IN: { "+918123456789": ["०८१२३ ४५६७८९", "+९१ ८१२३४ ५६७८९", "08123 456789", "91 81234 56789"] },
  JP: {
    "+819012345678": ["０９０－１２３４－５６７８", "＋81 90-1234-5678", "010 81 90 1234 5678"],
    "+447400123456": ["＋44 7400 123456"],
  },
  AU: { "+61412345678": ["0412 345 678", "+61 (0)412 345 678", "0011 61 412 345 678"] },
  BR: {
    "+5511961234567": [
      "(11) 96123-4567",
      "+55 11 96123-4567",
      "55 (11) 96123 4567",
      "0 xx 11 96123-4567",
      "(0XX11) 96123-4567",
      "0 15 11 96123-4567",
      "(011) 96123-4567",
      // From before mobile numbers got another 9.
      "(11) 6123-4567",
      "+55 11 6123 4567",
      "0xx11 6123-4567",
    ],
  },
  MX: {
    "+525512345678": [
      "55 1234 5678",
      "+52 55 1234 5678",
      // From before 2019.
      "+52 1 55 1234 5678",
      "+521 (55) 1234-5678",
      "0052 1 55 1234 5678",
      "52 1 55 1234 5678",
      "044 55 1234 5678",
      "045 55 1234 5678",
      "01 55 1234 5678",
      "+52 044 55 1234 5678",
    ],
  },
  AR: {
    "+5491123456789": [
      "11 15-2345-6789",
      "011 15 2345 6789",
      "+54 11 15-2345-6789",
      "+54 (011) 15 2345-6789",
      "+54 9 11 2345-6789",
      "9 11 2345 6789",
    ],
  },
  RU: { "+79123456789": ["8 (912) 345-67-89", "+7 912 345-67-89", "7 912 345 67 89"] },
};

const NUMBERS = Object.values(SPELLINGS).flatMap(Object.keys);

it("the table of spellings holds 60 in 15 countries, of numbers that the full metadata calls mobile", () => {
  expect(Object.values(SPELLINGS).flatMap(Object.values).flat().length).toBeGreaterThanOrEqual(60);
  expect(Object.keys(SPELLINGS).length).toBeGreaterThanOrEqual(15);
  const types = NUMBERS.map((number) => parsePhoneNumberFromString(number)?.getType());
  expect([...new Set(types)].sort()).toEqual(["FIXED_LINE_OR_MOBILE", "MOBILE"]);
});

describe("a phone number", () => {
  it.each(Object.keys(SPELLINGS))(
    "is read as it was meant in %s, for an account and for a sign-in",
    async (country) => {
      const deps = depsWith({ DEFAULT_COUNTRY: country, SMS_COUNTRIES });
      const read = async (typed: string) => {
        const account = await parsePhone(toPlain(typed), deps);
        return [account.ok ? account.value : account.errors, await findablePhone(toPlain(typed), deps)];
      };

      for (const [number, spellings] of Object.entries(SPELLINGS[country]!)) {
        for (const typed of spellings) expect([typed, ...(await read(typed))]).toEqual([typed, number, number]);
      }
    },
  );

  it.each([
    ["DE", "+49 176 39774040 ext. 5", /extension/],
    ["DE", "0176 39774040 x5", /extension/],
    ["DE", "0176 39774040 #5", /extension/],
    ["DE", "tel:+4917639774040;ext=5", /extension/],
    ["MX", "+52 1 55 1234 5678 x5", /extension/],
    ["DE", "0176 39774040,,5", /./],
    ["DE", "0176 39774040; 0176 39774041", /./],
    ["DE", "+49 49 176 39774040", /mobile/],
    ["DE", "4949 176 39774040", /mobile/],
    ["US", "+1 1 202 555 0144", /phone number/],
    ["US", "1 1 202 555 0144", /phone number/],
    ["DE", "00000000", /./],
    ["DE", "0800 1234567", /mobile/],
    ["DE", "030 1234567", /mobile/],
    ["US", "+1 900 555 0144", /mobile/],
    ["GB", "+44 909 879 0000", /mobile/],
    // Also +1 763 977 4040.
    ["DE", "176 39774040", /two countries/],
    // Also +1 551 234 5678.
    ["MX", "1 55 1234 5678", /two countries/],
    ["MX", "+52 1 1 55 1234 5678", /phone number/],
    // A landline, and too few digits.
    ["BR", "+55 11 3123 4567", /mobile/],
    ["BR", "+55 11 612 3456", /./],
    // Also +47 95 55 01 44.
    ["US", "479 555 0144", /two countries/],
    ["DE", "", /phone number/],
    ["DE", "+", /phone number/],
    ["DE", "call me", /phone number/],
    [undefined, "0176 39774040", /phone number/],
  ])("typed in %s as %j is refused", async (DEFAULT_COUNTRY, spelling, reason) => {
    const refused = await parsePhone(toPlain(spelling), depsWith({ DEFAULT_COUNTRY, SMS_COUNTRIES }));

    expect(refused).toMatchObject({ ok: false, code: "invalid_request", errors: [{ path: "phone" }] });
    expect(refused.ok ? "" : refused.errors?.[0]?.message).toMatch(reason);
  });

  it("of two countries is the one that text messages are sent to", async () => {
    const american = depsWith({ DEFAULT_COUNTRY: "US", SMS_COUNTRIES: ["US"] });

    expect(await parsePhone("479 555 0144", american)).toEqual({ ok: true, value: "+14795550144" });
    expect(await findablePhone("479 555 0144", american)).toBe("+14795550144");
  });

  it("that an older account has is found, though no new account may have it", async () => {
    const german = depsWith({ DEFAULT_COUNTRY: "DE", SMS_COUNTRIES });

    for (const typed of ["030 1234567", "+4930 1234567"])
      expect(await findablePhone(typed, german)).toBe("+49301234567");
    expect(await findablePhone("0176 39774040 x5", german)).toBeUndefined();
  });
});
