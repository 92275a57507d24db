/** A stylesheet's text, imported with `with { type: "text" }`; the bundle carries it inside. */
declare module "*.css" {
  const text: string;
  export default text;
}
