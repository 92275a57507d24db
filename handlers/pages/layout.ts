import { html } from "./html.ts";
import type { Html } from "./html.ts";

/** What a change says about itself on the next page, and the form that takes it back. */
export type Status = {
  /** A whole sentence: "Saved." */
  readonly message: string;
  /** Posted by the Undo button beside the sentence. */
  readonly undo?: { readonly action: string; readonly fields: Readonly<Record<string, string>> } | undefined;
};

/** What every page of a signed-in person needs besides its own view. */
export type Frame = {
  /** How many mails wait in review. */
  readonly waiting: number;
  /** How many pairs of purchases that may be one wait there; none when left out. */
  readonly pairs?: number;
  readonly status?: Status | undefined;
};

const NAV = [
  ["/dashboard", "Dashboard"],
  ["/purchases", "Purchases"],
  ["/review", "Review"],
  ["/connect", "Connect"],
  ["/settings", "Settings"],
] as const;

/** An entry of the navigation. */
export type NavPath = (typeof NAV)[number][0];

/**
 * The whole document around a page's body. `frame` is null for somebody who is not signed in. Nothing in it is inline style
 * or script: the Content-Security-Policy forbids both.
 */
export function layout(page: {
  readonly title: string;
  readonly frame: Frame | null;
  readonly current?: NavPath | undefined;
  /** One column narrow enough to read in, for pages that are a list or a text. */
  readonly isColumn?: boolean;
  readonly body: Html;
}): string {
  const { title, frame, current, isColumn, body } = page;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title} · Who Took My Money</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
          <a class="name" href="${frame ? "/dashboard" : "/"}"
            ><img src="/icon.svg" alt="" width="28" height="28" />Who Took My Money</a
          >
          ${frame && navigation(frame, current)}
        </header>
        <main id="main" ${isColumn && html`class="column"`} tabindex="-1">
          ${frame?.status && statusLine(frame.status)} ${body}
        </main>
        <footer>
          <p>Every mail is kept. Every number shows its mail. Every change to a purchase can be undone.</p>
        </footer>
      </body>
    </html> `.toString();
}

function navigation({ waiting, pairs = 0 }: Frame, current: NavPath | undefined): Html {
  const inReview = waiting + pairs;
  return html`<nav aria-label="Main">
      <ul>
        ${NAV.map(
          ([path, word]) =>
            html`<li>
              <a href="${path}" ${path === current && html`aria-current="page"`}
                >${word}${path === "/review" && inReview > 0 && html` <b class="badge">${inReview}</b>`}</a
              >
            </li>`,
        )}
      </ul>
    </nav>
    <form class="out" method="post" action="/sign-out"><button class="quiet">Sign out</button></form>`;
}

function statusLine({ message, undo }: Status): Html {
  return html`<div class="status" role="status">
    <p>${message}</p>
    ${
      undo &&
      html`<form method="post" action="${undo.action}">
        ${Object.entries(undo.fields).map(
          ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
        )}<button class="quiet">Undo</button>
      </form>`
    }
  </div>`;
}
