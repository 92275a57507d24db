import { html } from "../pages/html.ts";
import type { Html } from "../pages/html.ts";

/** A mail that we send. Both bodies are complete: whoever reads only one of them misses nothing. */
export type Letter = {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Where letters of this kind can be stopped; mail programs offer it beside the letter. */
  readonly stopUrl?: string;
};

/**
 * The HTML body around a letter's content: one column, system letters, no images and nothing fetched from anywhere. Styles
 * are inline because mail programs drop the rest; the head only adds dark colours where they are understood.
 */
export function letterHtml({ title, body }: { readonly title: string; readonly body: Html }): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>${title}</title>
        <style>
          @media (prefers-color-scheme: dark) {
            .paper {
              background: #13181a !important;
              color: #ece8df !important;
            }
            .card {
              background: #1b2225 !important;
              border-color: #323c40 !important;
            }
            .soft {
              color: #a8b2b2 !important;
            }
            .link {
              color: #7ed9bf !important;
            }
            .button {
              background: #7ed9bf !important;
              color: #06251d !important;
            }
          }
        </style>
      </head>
      <body
        class="paper"
        style="margin:0;padding:24px 12px;background:#f5f1e8;color:#1c2427;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif"
      >
        <div
          class="card"
          style="max-width:480px;margin:0 auto;padding:24px;background:#fffdf8;border:1px solid #dfd7c7;border-radius:14px;overflow-wrap:anywhere"
        >
          <p class="soft" style="margin:0 0 16px;color:#566062;font-size:14px">Who Took My Money</p>
          ${body}
        </div>
      </body>
    </html> `.toString();
}

/** The one thing to press in a letter. */
export function letterButton(link: string, words: string): Html {
  return html`<p style="margin:0 0 20px">
    <a
      class="button"
      href="${link}"
      style="display:inline-block;padding:12px 20px;border-radius:10px;background:#0b6150;color:#ffffff;font-weight:600;text-decoration:none"
      >${words}</a
    >
  </p>`;
}
