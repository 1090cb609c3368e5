/**
 * Billing by Stripe: what an account has subscribed to decides what it may have and do (the package {@code plan}). An event is
 * a signal: what it is about is read from Stripe and applied whole, so that neither order nor repetition matters.
 *
 * <pre>
 * StripeWebhookApi → StripeSignature → StripeInbox → Synchronization → StripeApi
 *                                      BillingJobs ↗ Provisioning    ↗
 * </pre>
 *
 * <p>Only {@code StripeApi} knows Stripe's library.
 */
@NullMarked
package dev.sluice.functions.billing;

import org.jspecify.annotations.NullMarked;
