/** The program was asked for something that cannot be; the message says what, and what to do. */
export class Refused extends Error {
  override name = 'Refused';
}
