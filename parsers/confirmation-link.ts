/** The token is base64 for addresses; brackets in it stand there as they are or escaped. */
const CONFIRMATION_LINK = /^https:\/\/(?:mail-settings|mail)\.google\.com\/mail\/vf-(?:[\w[\]-]|%5[BbDd])+$/;

/**
 * Whether this is Google's link that confirms forwarding, `https://mail-settings.google.com/mail/vf-…` or
 * `https://mail.google.com/mail/vf-…`, and nothing more: no port, no user, no further step in its path, no query. It is
 * the only address out of a mail that is ever opened, so this is the one place that says which. What cancels is `uf-…`.
 */
export function isConfirmationLink(link: string): boolean {
  return CONFIRMATION_LINK.test(link);
}
