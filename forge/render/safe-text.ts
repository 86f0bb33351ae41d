declare const rendered: unique symbol;

/**
 * Text that went through the renderer. Everything that a forge shows takes only this, so nothing can be sent around it.
 */
export type SafeText = string & { readonly [rendered]: true };

/** The one place where text becomes safe; only the renderer calls it, after its gate. A test looks who imports it. */
export function sealed(text: string): SafeText {
  return text as SafeText;
}
