/** The store cannot do what was asked, now: locked, full, gone or unreachable. Trying later may work. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code = 'STORE_UNAVAILABLE';
  /** The driver's code, such as SQLITE_FULL or ECONNREFUSED. Never its message, which may hold values or paths. */
  readonly driverCode: string;

  constructor(driverCode: string) {
    super('the store is not available');
    this.driverCode = driverCode;
  }
}

const CODE = /^[A-Z0-9_]{2,40}$/;

const driverCodeOf = (error: unknown): string => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && CODE.test(code) ? code : 'UNKNOWN';
};

/** The error without anything that may not be shown or logged. */
export const asStoreError = (error: unknown): StoreError =>
  error instanceof StoreError ? error : new StoreError(driverCodeOf(error));

/** Whether the error says that another process holds the lock. */
export const isLocked = (error: StoreError): boolean => /^SQLITE_(BUSY|LOCKED)/.test(error.driverCode);
