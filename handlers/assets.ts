import { icon as iconSvg } from "./pages/icon.ts";
import { style as stylesheet } from "./pages/style.ts";

const FRESH = { "cache-control": "public, max-age=300" };

/** `GET /style.css` */
export async function style(): Promise<Response> {
  return new Response(stylesheet, { headers: { ...FRESH, "content-type": "text/css; charset=utf-8" } });
}

/** `GET /icon.svg` */
export async function icon(): Promise<Response> {
  return new Response(iconSvg, { headers: { ...FRESH, "content-type": "image/svg+xml" } });
}
