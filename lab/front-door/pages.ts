/** The pages Front Door itself answers with, when no origin did. */
import { randomUUID } from 'node:crypto';

const style =
  'body {font-family:Arial; margin-left:40px; } #content { margin-left: auto; margin-right: auto } #message h2 { font-size: 20px; font-weight: normal; color: #000000; margin: 34px 0px 0px 0px } #message p { font-size: 13px; color: #000000; margin: 7px 0px 0px 0px } #errorref { font-size: 11px; color: #737373; margin-top: 41px }';

function page(title: string, heading: string, text: string, reference: string): string {
  return `<!DOCTYPE html><html xmlns='http://www.w3.org/1999/xhtml'><head><meta content='text/html; charset=utf-8' http-equiv='content-type'/><style type='text/css'>${style}</style><title>${title}</title></head><body><div id='content'><div id='message'><h2>${heading}</h2><p>${text}</p></div><div id='errorref'><span>${reference}</span></div></div></body></html>`;
}

export const unavailable = (reference: string) =>
  page(
    'Service unavailable',
    "Our services aren't available right now",
    "We're working to restore all services as soon as possible. Please check back soon.",
    reference,
  );

export const unknownHost = (reference: string) =>
  page(
    'Page not found',
    "Oops! We weren't able to find your Azure Front Door Service configuration.",
    'If you configured a new Front Door instance, it may take a while to be available everywhere.',
    reference,
  );

/** `x-azure-ref`: when and which request; support asks for it. */
export function azureReference(nowMs: number): string {
  const time = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${time}-${randomUUID().replaceAll('-', '').slice(0, 24)}`;
}
