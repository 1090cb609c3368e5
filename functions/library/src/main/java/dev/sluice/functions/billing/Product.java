package dev.sluice.functions.billing;

import java.util.Map;

/** What is subscribed to, as Stripe has it now. */
record Product(String id, String name, Map<String, String> metadata) {}
