import type { Config } from "../../config.ts";

/** What a check found: green is as it should be, yellow works but should be looked at, red does not work. */
export type Finding = {
  readonly check: string;
  readonly state: "green" | "yellow" | "red";
  /** One sentence or two, without secrets. */
  readonly says: string;
  /** What to do about it, in lines that can be followed as they stand; null when there is nothing to do. */
  readonly fix: string | null;
};

/** Where the service keeps what it has, which is known even when other settings are wrong. */
export type Place = {
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly databaseAuthToken: string | null;
};

/**
 * One thing that is looked at on this machine, which needs no more than to know where things are. It changes nothing of the
 * service's, stops when the signal aborts, and may throw, which is a red finding.
 */
export type MachineCheck = {
  readonly name: string;
  readonly of: "machine";
  look(place: Place, signal: AbortSignal): Promise<Finding[]>;
};

/** As a check of this machine, but of somebody else, whom it asks. */
export type OutsideCheck = {
  readonly name: string;
  readonly of: "outside";
  look(config: Config, signal: AbortSignal): Promise<Finding[]>;
};

export type Check = MachineCheck | OutsideCheck;

/** The findings of one check, by its name. */
export function findingsOf(check: string) {
  return {
    green: (says: string): Finding => ({ check, state: "green", says, fix: null }),
    yellow: (says: string, fix: string): Finding => ({ check, state: "yellow", says, fix }),
    red: (says: string, fix: string | null): Finding => ({ check, state: "red", says, fix }),
  };
}
