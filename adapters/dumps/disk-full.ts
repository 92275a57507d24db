const SQLITE_FULL = 13;

/**
 * Whether something failed because there is no room on the disk, be it the system's word for that or SQLite's, the lowest byte
 * of whose code says what kind of error it is (https://sqlite.org/rescode.html#extrc).
 */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("errcode" in error) return (Number(error.errcode) & 0xff) === SQLITE_FULL;
  return "code" in error && error.code === "ENOSPC";
}

/**
 * The sentence for that.
 *
 * @param there what there is not because of it
 * @param where what lies on that disk
 */
export function sayDiskFull(there: string, where: string): string {
  return `There is no ${there}: the disk became full meanwhile. Make room where ${where} lies, then try again.`;
}
