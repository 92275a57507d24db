import type { ErrorCode } from "../../errors.ts";
import { html } from "./html.ts";
import { layout } from "./layout.ts";
import type { Frame } from "./layout.ts";

/** A request that could not be answered as asked. */
export type ErrorView = {
  /** Why it was refused, with the refusal's own sentence, fit for a stranger; null for a bug, of which nothing is told. */
  readonly refusal: { readonly code: ErrorCode; readonly message: string } | null;
  /** Null for somebody who is not signed in, or when nobody knows. */
  readonly frame: Frame | null;
};

const TITLES: Readonly<Record<ErrorCode, string>> = {
  invalid: "That did not work",
  unauthorized: "Please sign in",
  forbidden: "Not from here",
  not_found: "Nothing here",
  method_not_allowed: "Not like this",
  conflict: "That can't be done",
  too_large: "Too much at once",
  misdirected: "Not by this name",
  rate_limited: "One moment",
  unavailable: "Back in a moment",
};

const BUG = "Something broke on our side and has been written down. Your mails and purchases are safe.";

/** The page for any refusal or failure: what happened, and a way on. */
export function errorPage({ refusal, frame }: ErrorView): string {
  const title = refusal === null ? "That is our fault" : TITLES[refusal.code];
  return layout({
    title,
    frame,
    body: html`<section class="card narrow">
      <h1>${title}</h1>
      <p>${refusal === null ? BUG : refusal.message}</p>
      <p>
        ${frame ? html`<a class="button" href="/dashboard">To the dashboard</a>` : html`<a class="button" href="/">To the front page</a>`}
      </p>
    </section>`,
  });
}
