import { createHmac, timingSafeEqual } from 'node:crypto';
import { secrets, settings } from './config.js';

/** Build the request that would charge a card. The example never sends it. */
export function chargeRequest(order) {
  return {
    url: 'https://payments.example/v1/charges',
    method: 'POST',
    headers: { authorization: `Bearer ${secrets.stripeKey}` },
    body: new URLSearchParams({ amount: String(order.total), currency: settings.currency, reference: order.id }),
  };
}

/** Whether a webhook was signed with one of our secrets, the old ones included. */
export function isGenuine(body, signature) {
  const theirs = Buffer.from(signature, 'hex');
  return secrets.webhookSecrets.some((secret) => {
    const ours = createHmac('sha256', secret).update(body).digest();
    return ours.length === theirs.length && timingSafeEqual(ours, theirs);
  });
}
