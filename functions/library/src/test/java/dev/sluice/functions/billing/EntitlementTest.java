package dev.sluice.functions.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.functions.plan.Feature;
import dev.sluice.functions.plan.Limit;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Metadata to limits and features: integrations.md, section 1.7. */
class EntitlementTest {
    @Test
    void shouldTakeTheSubscriptionsWordOverTheProducts() {
        var entitlement = Entitlement.of(
                Map.of("users_count", "5", "sites_count", "2", "support_type", "email", "idp_sync", "true"),
                Map.of("users_count", "50", "support_type", "slack", "idp_sync", "false"),
                9L);

        assertThat(entitlement.limits()).isEqualTo(Map.of(Limit.USERS, 50L, Limit.SITES, 2L));
        assertThat(entitlement.features()).isEmpty();
        assertThat(entitlement.supportType()).isEqualTo("slack");
    }

    @Test
    void shouldCountUsersByTheQuantityWhereNothingElseSaysSo() {
        assertThat(Entitlement.of(Map.of(), Map.of(), 9L).limits()).isEqualTo(Map.of(Limit.USERS, 9L));
        assertThat(Entitlement.of(Map.of(), Map.of(), null).limits()).isEmpty();
        assertThat(Entitlement.of(Map.of("users_count", "unlimited"), Map.of(), 9L)
                        .limits())
                .isEmpty();
    }

    @Test
    void shouldKnowEveryLimitAndFeatureAndNothingElse() {
        var entitlement = Entitlement.of(
                Map.ofEntries(
                        Map.entry("users_count", "1"),
                        Map.entry("monthly_active_users_count", "2"),
                        Map.entry("service_accounts_count", "3"),
                        Map.entry("gateway_groups_count", "4"),
                        Map.entry("account_admin_users_count", "5"),
                        Map.entry("elephants_count", "6"),
                        Map.entry("note", "true")),
                Map.of(
                        "policy_conditions", "true",
                        "multi_site_resources", "true",
                        "traffic_filters", "true",
                        "self_hosted_relays", "true",
                        "idp_sync", "true",
                        "rest_api", "true",
                        "internet_resource", "true"),
                null);

        assertThat(entitlement.limits()).hasSize(Limit.values().length);
        assertThat(entitlement.features()).containsExactlyInAnyOrder(Feature.values());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "many", "1.5", "99999999999"})
    void shouldRefuseALimitThatIsNoNumber(String value) {
        assertThatThrownBy(() -> Entitlement.of(Map.of("users_count", value), Map.of(), null))
                .isInstanceOf(StripeFailure.class)
                .hasMessageContaining("users_count");
    }

    @ParameterizedTest
    @CsvSource({
        "https://www.acme-corp.example/about,www_acme_corp",
        "acme.example,acme",
        "HTTPS://ACME.EXAMPLE,acme",
        "https://a.b,",
        "not a website,",
        "'',",
    })
    void shouldMakeASlugOfAWebsite(String website, String slug) {
        assertThat(AccountFounding.slug(website).orElse(null)).isEqualTo(slug);
    }
}
