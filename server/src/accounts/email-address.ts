/** The one spelling under which an address is stored and looked up. */
export function toCanonicalEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}
