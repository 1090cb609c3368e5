package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The account itself: what holds for all of it. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class AccountApiTest {
    @TestHTTPResource("/")
    URI url;

    @Inject
    Transactions transactions;

    @Inject
    TokenService tokens;

    @Inject
    TokenKey key;

    private ApiCaller api;

    @BeforeEach
    void signIn() {
        api = ApiCaller.of(url, new World(transactions, key), tokens);
    }

    private JsonNode change(String what) throws Exception {
        var changed = api.patch("/account", "{'account':{" + what + "}}");
        assertThat(changed.status()).as(changed.body().toString()).isEqualTo(200);
        assertThat(api.get("/account").data()).isEqualTo(changed.data());
        return changed.data();
    }

    @Test
    void shouldKeepWhatNamesAreAskedOfWhom() throws Exception {
        assertThat(change("'search_domain':'corp.example'")
                        .path("search_domain")
                        .asText())
                .isEqualTo("corp.example");
        var asked = change("'upstream_dns':['192.0.2.1','192.0.2.1:53','2001:DB8:0::1','[2001:db8::1]:5353']");
        assertThat(asked.path("upstream_dns").toString())
                .isEqualTo("[\"192.0.2.1:53\",\"[2001:db8::1]:53\",\"[2001:db8::1]:5353\"]");
        assertThat(asked.path("search_domain").asText())
                .as("what is absent stays")
                .isEqualTo("corp.example");
        assertThat(change("'search_domain':''").path("search_domain").isNull()).isTrue();
        assertThat(change("'upstream_dns':[]").path("upstream_dns")).isEmpty();
    }

    @Test
    void shouldRefuseWhatIsNoDomainOrResolver() throws Exception {
        for (String wrong : List.of(
                "'search_domain':'a b'",
                "'search_domain':'-a.example'",
                "'search_domain':'" + "a".repeat(64) + "'",
                "'search_domain':'" + "a.".repeat(127) + "aa'",
                "'upstream_dns':['dns.example']",
                "'upstream_dns':['192.0.2.256']",
                "'upstream_dns':['192.0.2.1:0']",
                "'upstream_dns':['192.0.2.1:65536']",
                "'upstream_dns':['[192.0.2.1']",
                "'upstream_dns':['fe80::1%eth0']",
                "'upstream_dns':[null]",
                "'upstream_dns':['::1','::2','::3','::4','::5','::6','::7','::8','::9']",
                "'name':'ab'")) {
            assertThat(api.patch("/account", "{'account':{" + wrong + "}}").status())
                    .as(wrong)
                    .isEqualTo(422);
        }
    }
}
