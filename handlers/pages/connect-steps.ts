import { html } from "./html.ts";
import type { Html } from "./html.ts";

/** How a bank comes to mail the private address by itself: nothing else of the person's mail passes through here. */
export function directSteps(): Html {
  return html`<section class="card">
    <h2>Best: your bank mails it directly</h2>
    <ol class="how">
      <li>Sign in at your bank and open its alert settings. They are often under Profile or Notifications.</li>
      <li>
        Add your private address as one more e-mail address for alerts. Some banks mail a code there first: look for it
        in
        <a href="/review">review</a>.
      </li>
      <li>
        Switch on the alert for card purchases, for every amount. If it wants a limit, take the lowest it accepts, like
        $0.01.
      </li>
    </ol>
    <p class="soft">Nothing else of yours comes this way: your mailbox stays closed to us.</p>
  </section>`;
}

/** How Gmail forwards a bank's alerts, and only those. Gmail's own words for what is to be pressed stand in bold. */
export function gmailSteps(): Html {
  return html`<section class="card">
    <h2>Or: Gmail forwards it</h2>
    <p>For banks that mail one address only. Do this in Gmail on a computer:</p>
    <ol class="how">
      <li>
        Open <b>Settings</b>, <b>See all settings</b>, <b>Forwarding and POP/IMAP</b>. Choose
        <b>Add a forwarding address</b> and paste your private address.
      </li>
      <li>
        Gmail asks here whether it may. Load this page again after a minute: at the top it says that we confirmed it, or
        shows a code to type into Gmail.
      </li>
      <li>
        Leave forwarding of all mail switched off. You want a filter instead, so that only your bank's alerts come here.
      </li>
      <li>
        In Gmail's search box open the search options. In <b>From</b>, put the address your bank's alerts come from.
        Choose <b>Create filter</b>.
      </li>
      <li>
        Tick <b>Forward it to</b>, pick your private address, and create the filter. The next alert is the first one
        here.
      </li>
    </ol>
  </section>`;
}
