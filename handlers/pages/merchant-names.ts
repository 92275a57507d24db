import { html } from "./html.ts";
import type { Html } from "./html.ts";

/** A merchant that the person gave a name. */
export type MerchantNameView = {
  /** Of the newest change. */
  readonly id: string;
  /** As a mail wrote it. */
  readonly written: string;
  /** Null when its name was ended. */
  readonly name: string | null;
  /** The name before that; null for none of the person's. */
  readonly before: string | null;
};

/** A part of the settings: what merchants are called every time. Nothing when the person never said so. */
export function merchantNames(names: readonly MerchantNameView[]): Html | null {
  if (names.length === 0) return null;
  return html`<section class="card">
    <h2>What you call merchants</h2>
    <ul class="acts">
      ${names.map(nameRow)}
    </ul>
  </section>`;
}

function nameRow({ id, written, name, before }: MerchantNameView): Html {
  return html`<li>
    <span
      ><bdi>${written}</bdi>
      <span class="soft"
        >${name === null ? "has no name of yours any more" : html`is always called <bdi>${name}</bdi>`}</span
      ></span
    >
    <form class="buttons" method="post" action="/settings">
      <input type="hidden" name="change" value="${id}" />
      ${before !== null && html`<button class="quiet" name="action" value="undo-name">Call it ${before} again</button>`}
      ${name !== null && html`<button class="quiet" name="action" value="end-name" aria-label="Stop calling ${written} ${name}">Stop</button>`}
    </form>
  </li>`;
}
