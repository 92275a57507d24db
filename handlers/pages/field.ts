import { html } from "./html.ts";
import type { Html } from "./html.ts";

/** A labelled input. */
export type FieldView = {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  /** The sentence that says why what was typed was not taken; the typed words stay. */
  readonly error?: string | undefined;
  /** Fixed attributes: `html\`type="email" required\``. */
  readonly attributes: Html;
};

/** A label, its input and the error beside it, tied to the input for those who hear the page. */
export function field({ name, label, value, error, attributes }: FieldView): Html {
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <input id="${name}" name="${name}" value="${value}" ${attributes} ${error && markWrong(name)} />
    ${error && html`<p class="error" id="${name}-error">${error}</p>`}
  </div>`;
}

/** For an input whose error sentence stands in `NAME-error`. */
export function markWrong(name: string): Html {
  return html`aria-invalid="true" aria-describedby="${name}-error"`;
}
