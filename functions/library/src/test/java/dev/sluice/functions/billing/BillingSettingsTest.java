package dev.sluice.functions.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.functions.settings.SettingException;
import dev.sluice.functions.testing.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BillingSettingsTest {
    private static final Map<String, String> COMPLETE = Map.of(
            "sluice.billing.enabled", "true",
            "sluice.billing.secret-key", "sk_live_1",
            "sluice.billing.signing-secrets", "whsec_1,whsec_2",
            "sluice.billing.default-price", "price_1",
            "sluice.billing.api-base", "http://localhost:12111/",
            "sluice.billing.grace", "0S");

    @Test
    void shouldBillNobodyByDefault() {
        var settings = Settings.of(BillingSettings.class, Map.of());

        assertThat(settings.enabled()).isFalse();
        assertThat(settings.secretKey()).isEmpty();
        assertThat(settings.signingSecrets()).isEmpty();
        assertThat(settings.defaultPrice()).isEmpty();
        assertThat(settings.apiBase()).isEqualTo(URI.create("https://api.stripe.com"));
        assertThat(settings.grace()).isEqualTo(Duration.ofDays(7));
        assertThat(settings.isLive()).isFalse();
        assertThatCode(settings::check).doesNotThrowAnyException();
    }

    @Test
    void shouldTakeWhatIsComplete() {
        var settings = Settings.of(BillingSettings.class, COMPLETE);

        assertThat(settings.signingSecrets().orElseThrow()).containsExactly("whsec_1", "whsec_2");
        assertThat(settings.isLive()).isTrue();
        assertThat(settings.grace()).isZero();
        assertThatCode(settings::check).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "secret-key,,STRIPE_SECRET_KEY",
        "signing-secrets,,STRIPE_WEBHOOK_SIGNING_SECRET",
        "default-price,,STRIPE_DEFAULT_PRICE_ID",
        "'signing-secrets','a,b,c',two",
        "api-base,http://stripe.example,STRIPE_API_BASE",
        "grace,-1S,grace",
    })
    void shouldSayWhatIsMissingOrWrong(String name, String value, String said) {
        var values = new HashMap<>(COMPLETE);
        if (value == null) {
            values.remove("sluice.billing." + name);
        } else {
            values.put("sluice.billing." + name, value);
        }

        assertThatThrownBy(() -> Settings.of(BillingSettings.class, values).check())
                .isInstanceOf(SettingException.class)
                .hasMessageContaining(said)
                .hasMessageNotContaining("sk_live_1");
    }
}
