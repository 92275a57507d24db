/** A migration's text, imported with `with { type: "text" }`; the bundle carries it inside. */
declare module "*.sql" {
  const text: string;
  export default text;
}
