import { html } from "./html.ts";
import type { Html } from "./html.ts";

/** Where a mail's links lead, each as its whole address: whoever clicks sees what is clicked. */
export function mailLinks(links: readonly string[]): Html {
  return html`<details>
    <summary>Links in this mail</summary>
    <p>
      We don't know who sent this. Open a link only if you have just asked for this mail, for example to confirm
      forwarding. What stands before the first single slash must end with that company's own domain, like google.com.
    </p>
    <ul class="acts">
      ${links.map((link) => html`<li><a href="${link}" rel="noreferrer nofollow">${link}</a></li>`)}
    </ul>
  </details>`;
}
