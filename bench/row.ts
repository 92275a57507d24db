/** One line of the table. */
export type Row = { readonly what: string; readonly figures: string; readonly ratio: string; readonly target: string };
