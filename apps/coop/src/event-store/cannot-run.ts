/** What stops a command and the operator can do something about; the message says what. */
export class CannotRun extends Error {
  override name = 'CannotRun';
}
