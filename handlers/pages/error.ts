import { html } from "./html.ts";
import { layout } from "./layout.ts";
import type { Frame } from "./layout.ts";

/** A request that could not be answered as asked. */
export type ErrorView = {
  readonly status: number;
  /** The refusal's own sentence, fit for a stranger; left out, the status speaks for itself. */
  readonly message?: string | undefined;
  /** Null for somebody who is not signed in, or when nobody knows. */
  readonly frame: Frame | null;
};

type Words = { readonly title: string; readonly sentence: string };

const WORDS: ReadonlyMap<number, Words> = new Map([
  [
    400,
    {
      title: "That did not work",
      sentence: "Something in what was sent here could not be understood. Nothing was changed.",
    },
  ],
  [
    401,
    {
      title: "Please sign in",
      sentence: "You are signed out. Nothing was changed. Ask for a new link, and try again once you are in.",
    },
  ],
  [
    403,
    {
      title: "Not from here",
      sentence:
        "This came from another site, so it was refused. Nothing was changed. Open the page here and try again.",
    },
  ],
  [404, { title: "Nothing here", sentence: "There is no such page, or it is not yours to see." }],
  [405, { title: "Not like this", sentence: "This address exists, but it does not take what was asked of it." }],
  [
    409,
    {
      title: "Somebody was faster",
      sentence: "This was changed a moment ago, perhaps in another window. Look at it again before you try once more.",
    },
  ],
  [413, { title: "Too much at once", sentence: "What was sent is larger than we take. Nothing of it was kept." }],
  [429, { title: "One moment", sentence: "That was asked too often. Wait a few minutes and try again." }],
  [
    503,
    { title: "Back in a moment", sentence: "We cannot do this right now. Nothing is lost: please try again shortly." },
  ],
]);

const BROKEN: Words = {
  title: "That is our fault",
  sentence: "Something broke on our side and has been written down. Your mails and purchases are safe.",
};

/** The page for any refusal or failure: what happened, and a way on. */
export function errorPage({ status, message, frame }: ErrorView): string {
  const { title, sentence } = WORDS.get(status) ?? BROKEN;
  return layout({
    title,
    frame,
    body: html`<section class="card narrow">
      <h1>${title}</h1>
      <p>${message ?? sentence}</p>
      <p>
        ${frame ? html`<a class="button" href="/dashboard">To the dashboard</a>` : html`<a class="button" href="/">To the front page</a>`}
      </p>
    </section>`,
  });
}
