/** Day, month and four digits of the year, in the three orders in which people write dates. */
const DATES = [
  /^(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(19|20)\d\d$/,
  /^(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(19|20)\d\d$/,
  /^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/,
];

/**
 * Tests whether a password is the eight digits of a date. Nearly half of the most
 * common passwords are dates.
 */
export const isDate = (password: string) => DATES.some((date) => date.test(password));
