import { html } from "./html.ts";
import { layout } from "./layout.ts";

/** What every page and form is answered with while the operator works on the machine. Knows nobody, asks nothing. */
export function maintenancePage(): string {
  return layout({
    title: "Back soon",
    frame: null,
    body: html`<section class="card narrow">
      <h1>Back soon</h1>
      <p>We are working on this service, and its pages rest meanwhile.</p>
      <p>
        Nothing is lost: your purchases stay as they are, and alerts that your bank sends now wait and show up
        afterwards.
      </p>
      <p class="soft">If you have just sent a form, it changed nothing. Go back to it later and send it again.</p>
      <p><a class="button" href="/">Try again</a></p>
    </section>`,
  });
}
