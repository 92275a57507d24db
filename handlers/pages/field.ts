import { html } from "./html.ts";
import type { Html } from "./html.ts";

/** A labelled input. */
export type FieldView = {
  readonly name: string;
  /** When a page has several of that name. */
  readonly id?: string;
  readonly label: string;
  readonly value: string;
  /** The sentence that says why what was typed was not taken; the typed words stay. */
  readonly error?: string | undefined;
  /** Fixed attributes: `html\`type="email" required\``. */
  readonly attributes: Html;
};

/** A label, its input and the error beside it, tied to the input for those who hear the page. */
export function field({ name, id = name, label, value, error, attributes }: FieldView): Html {
  return html`<div class="field">
    <label for="${id}">${label}</label>
    <input id="${id}" name="${name}" value="${value}" ${attributes} ${error && markWrong(id)} />
    ${error && html`<p class="error" id="${id}-error">${error}</p>`}
  </div>`;
}

/** For an input whose error sentence stands in `ID-error`. */
export function markWrong(id: string): Html {
  return html`aria-invalid="true" aria-describedby="${id}-error"`;
}
