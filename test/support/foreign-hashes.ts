/** Hashes that other programs made, with their passwords. */

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64").replace(/=+$/, "");
const pbkdf2 = (digest: string, iterations: number, salt: string, hex: string) =>
  `$pbkdf2-${digest}$i=${iterations}$${base64(Buffer.from(salt))}$${base64(Buffer.from(hex, "hex"))}`;

const LONG = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored";

// Openwall crypt_blowfish 1.3, wrapper.c; jBCrypt 0.4, TestBCrypt.java.
const BCRYPT = [
  ["bcrypt of Openwall", "U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"],
  ["bcrypt of 72 bytes", LONG, "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui"],
  ["bcrypt of jBCrypt", "abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"],
  ["bcrypt of OpenBSD ($2b$)", "U*U", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"],
  ["bcrypt of PHP ($2y$)", "U*U*U", "$2y$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"],
] as const;

// The first three: test.c of the reference implementation. RFC 9106 §5 has vectors with a
// secret, which no stored hash has. The others: node:crypto of Node 24, which is OpenSSL.
const ARGON2 = [
  ["Argon2id", "password", "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"],
  [
    "Argon2id, 2 lanes",
    "password",
    "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
  ],
  ["Argon2i", "password", "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8"],
  ["Argon2d", "password", "$argon2d$v=19$m=256,t=2,p=2$c29tZXNhbHQ$e2nJLXw4iarRKB28i678Esw3yA8cdeM+8sLUDCjrxXM"],
] as const;

const PBKDF2 = [
  // RFC 6070 §2. The second key is longer than a block.
  ["PBKDF2 with SHA-1", "password", pbkdf2("sha1", 4096, "salt", "4b007901b765489abead49d926f721d065a429c1")],
  [
    "PBKDF2 with SHA-1, 25 bytes",
    "passwordPASSWORDpassword",
    pbkdf2("sha1", 4096, "saltSALTsaltSALTsaltSALTsaltSALTsalt", "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038"),
  ],
  // RFC 7914 §11, with twice the length of a block.
  [
    "PBKDF2 with SHA-256",
    "Password",
    pbkdf2(
      "sha256",
      80_000,
      "NaCl",
      "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d",
    ),
  ],
  // node:crypto of Node 24, which is OpenSSL.
  [
    "PBKDF2 with SHA-512",
    "passwordPASSWORDpassword",
    "$pbkdf2-sha512$i=4096$c2FsdFNBTFRzYWx0U0FMVHNhbHRTQUxUc2FsdFNBTFRzYWx0$jAUR9Mbll8asYxXY8DYuIl88UBSVuiO4aMAFF03E7nERW1n55gzZUy+jPg91rv4wIlxYOhhs2CvU2uqXJKPTuA",
  ],
] as const;

export const SIGNER_KEY = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA";

const SCRYPT = [
  // RFC 7914 §12.
  [
    "scrypt with a key of 64 bytes",
    "pleaseletmein",
    `$scrypt$ln=14,r=8,p=1$${base64(Buffer.from("SodiumChloride"))}$${base64(
      Buffer.from(
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887",
        "hex",
      ),
    )}`,
  ],
  // node:crypto, as better-auth calls it: the salt is the text, and the password NFKC.
  [
    "better-auth",
    "Ｇatehouse-ﬁrst-7",
    "$better-auth$a1b2c3d4e5f60718293a4b5c6d7e8f90$55b0b74240edd1bba230e47ddd2dde066086386d9b699b863d96db8f7beb213fa3fc4dbb1e0f3c2a4fe765de85bde64152df69d3cb97b917fd1724016103ff4f",
  ],
  // The README of github.com/firebase/scrypt.
  [
    "Firebase",
    "user1password",
    `$firebase-scrypt$ln=14,r=8$42xEC+ixf3L2lw$Bw$${SIGNER_KEY}$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ`,
  ],
] as const;

export const FOREIGN_HASHES = [...BCRYPT, ...ARGON2, ...PBKDF2, ...SCRYPT];

export const [, ABC_PASSWORD, ABC_HASH] = BCRYPT[2];

/** A password in its decomposed form, and its hash by crypt(3) of libxcrypt. */
export const DECOMPOSED = "cafe\u0301-7-horses";
export const DECOMPOSED_HASH = "$2b$04$abcdefghijklmnopqrstuuhsK9U6lPXu8q4kN0JdGDC0DhMO/UFd2";

const bcryptOf = (cost: string) => ABC_HASH.replace("$06$", `$${cost}$`);
const argon2Of = (m: number, t: number) => `$argon2id$v=19$m=${m},t=${t},p=1$c29tZXNhbHQ$${"A".repeat(43)}`;
const scryptOf = (cost: string) => `$scrypt$${cost}$c2FsdA$${"A".repeat(86)}`;
const firebaseOf = (cost: string) => `$firebase-scrypt$${cost}$c2FsdA$Bw$${SIGNER_KEY}$${"A".repeat(86)}`;

/** Hashes beyond what the verifier spends. The first of each would take days or 4 GiB. */
export const COSTLY_HASHES = [
  bcryptOf("31"),
  bcryptOf("15"),
  argon2Of(2 ** 22, 1),
  argon2Of(102_401, 1),
  argon2Of(100_000, 5),
  argon2Of(8, 1_000_000_000),
  `$pbkdf2-sha256$i=1000000000$c2FsdA$${"A".repeat(43)}`,
  `$pbkdf2-sha1$i=2000001$c2FsdA$${"A".repeat(27)}`,
  scryptOf("ln=99,r=1,p=1"),
  scryptOf("ln=16,r=9,p=1"),
  scryptOf("ln=10,r=8,p=9"),
  firebaseOf("ln=20,r=8"),
];

/** What no format describes. */
export const MALFORMED_HASHES = [
  "",
  "x",
  "$",
  ABC_HASH.slice(0, -1),
  `${ABC_HASH}A`,
  ABC_HASH.replace("$2a$", "$2x$"),
  bcryptOf("03"),
  bcryptOf("32"),
  bcryptOf("6"),
  argon2Of(7, 1),
  argon2Of(256, 0),
  argon2Of(256, 2).replace("v=19", "v=16"),
  argon2Of(256, 2).replace("c29tZXNhbHQ", "c2FsdA"),
  argon2Of(256, 2).slice(0, -30),
  argon2Of(256, 2).replace("p=1", "p=1,keyid=AA"),
  "$pbkdf2-md5$i=1000$c2FsdA$AAAAAAAAAAAAAAAAAAAAAA",
  "$pbkdf2-sha256$i=-1$c2FsdA$AAAAAAAAAAAAAAAAAAAAAA",
  "$pbkdf2-sha256$i=1e9$c2FsdA$AAAAAAAAAAAAAAAAAAAAAA",
  "$pbkdf2-sha256$i=1000$c2FsdA==$AAAAAAAAAAAAAAAAAAAAAA==",
  "$pbkdf2-sha256$i=1000$c2FsdA$",
  scryptOf("ln=0,r=8,p=1"),
  scryptOf("ln=14,r=8"),
  "$better-auth$zz$55b0",
  firebaseOf("ln=14,r=8,p=1"),
  "5f4dcc3b5aa765d61d8327deb882cf99",
  `$pbkdf2-sha256$i=1000$c2FsdA$${"A".repeat(2000)}`,
];
