import { html } from "./html.ts";
import type { Html } from "./html.ts";

/** Switches the weekly letter on and off. */
export function weeklySwitch(isOn: boolean): Html {
  return html`<section class="card">
    <h2>A letter each week</h2>
    <p>On Mondays it says what you spent, and that every mail of the week is accounted for.</p>
    <form method="post" action="/settings">
      <input type="hidden" name="weekly" value="${isOn ? "no" : "yes"}" />
      <button class="quiet" name="action" value="weekly">${isOn ? "Stop the weekly letter" : "Send it again"}</button>
    </form>
  </section>`;
}
