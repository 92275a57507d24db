/** What is compared: one booked purchase as its mail said it. */
export type Candidate = {
  readonly id: string;
  readonly mailId: string;
  readonly institution: string;
  /** An `EventKind` that counts as spending. */
  readonly kind: string;
  readonly merchant: string;
  /** Signed: money that came back is negative. */
  readonly amountMinor: number;
  readonly currency: string;
  readonly card: string | null;
  /** Milliseconds since 1970; for a date without a time of day, noon in UTC of `occurredOn`. */
  readonly occurredAt: number;
  readonly occurredOn: string | null;
  /** Milliseconds since 1970: when the mail says it was sent. Equal to `occurredAt` when the mail says nothing else. */
  readonly mailDate: number;
};
