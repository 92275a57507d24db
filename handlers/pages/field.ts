import { html } from "./html.ts";
import type { Html } from "./html.ts";

/** A labelled input. `error` is the sentence that says why what was typed was not taken; the typed words stay. */
export type FieldView = {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly error?: string | undefined;
  /** A sentence of help that always stands there. */
  readonly hint?: string | undefined;
  /** Fixed attributes: `html\`type="email" required\``. */
  readonly attributes?: Html | undefined;
};

/** A label, its input, and beside it the hint and the error, tied to the input for those who hear the page. */
export function field({ name, label, value, error, hint, attributes }: FieldView): Html {
  const described = [error && `${name}-error`, hint && `${name}-hint`].filter(Boolean).join(" ");
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      value="${value}"
      ${attributes && html` ${attributes}`}${
        described && html` aria-describedby="${described}"`
      }${error && html` aria-invalid="true"`}
    />
    ${error && html`<p class="error" id="${name}-error">${error}</p>`}${hint && html`<p class="soft" id="${name}-hint">${hint}</p>`}
  </div>`;
}
