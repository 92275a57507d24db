import type { LocalLetter } from "../adapters/local-postmark.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { page } from "./answers.ts";
import { devMailPage } from "./pages/dev-mail.ts";

/** `GET /dev/mail`: in local mode, the letters that would have been sent. */
export async function devMail(_request: Request, app: App): Promise<Response> {
  const letters = lettersOf(app).map((letter) => ({
    ...letter,
    createdAt: letter.createdAt.toZonedDateTimeISO("UTC"),
  }));
  return page(devMailPage({ letters, baseUrl: app.config.publicUrl }));
}

/** `GET /dev/mail.json`: the same for programs, newest first. */
export async function devMailJson(_request: Request, app: App): Promise<Response> {
  return Response.json(lettersOf(app));
}

function lettersOf(app: App): readonly LocalLetter[] {
  if (app.localLetters === null) throw new AppError("not_found", "There is nothing at this address.");
  return app.localLetters();
}
