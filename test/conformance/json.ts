/** What JSON can say; a field that is `undefined` is not there. */
export type Json = undefined | null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [field: string]: Json;
}
