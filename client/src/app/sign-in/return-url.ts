/** A place inside the app to go to after signing in; anything else leads to the strategies. */
export function safeReturnUrl(url: string | undefined): string {
  const isInside = url !== undefined && /^\/(?![/\\])/.test(url) && !url.startsWith('/sign-in');
  return isInside ? url : '/strategies';
}
